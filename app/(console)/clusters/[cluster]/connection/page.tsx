import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { ConnectionPage } from "./view.tsx"

export const metadata = { title: "Connection" }

export default async function Page(props: { params: Promise<{ cluster: string }> }) {
  const cluster = fromSegment((await props.params).cluster)
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.head.queryOptions({ cluster }))
  return (
    <Hydrate>
      <ConnectionPage cluster={cluster} />
    </Hydrate>
  )
}
