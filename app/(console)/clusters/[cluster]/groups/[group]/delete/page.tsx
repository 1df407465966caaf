import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { DeleteGroupPage } from "./view.tsx"

export const metadata = { title: "Delete group" }

export default async function Page(props: { params: Promise<{ cluster: string; group: string }> }) {
  const params = await props.params
  const cluster = fromSegment(params.cluster)
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.head.queryOptions({ cluster }))
  return (
    <Hydrate>
      <DeleteGroupPage cluster={cluster} group={fromSegment(params.group)} />
    </Hydrate>
  )
}
