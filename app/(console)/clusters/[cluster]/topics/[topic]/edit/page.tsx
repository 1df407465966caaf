import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { EditPage } from "./view.tsx"

export const metadata = { title: "Settings" }

export default async function Page(props: { params: Promise<{ cluster: string; topic: string }> }) {
  const params = await props.params
  const cluster = fromSegment(params.cluster)
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.head.queryOptions({ cluster }))
  return (
    <Hydrate>
      <EditPage cluster={cluster} name={fromSegment(params.topic)} />
    </Hydrate>
  )
}
