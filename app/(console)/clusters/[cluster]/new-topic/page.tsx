import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { NewTopicPage } from "./view.tsx"

export const metadata = { title: "Create" }

export default async function Page(props: { params: Promise<{ cluster: string }> }) {
  const cluster = fromSegment((await props.params).cluster)
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.head.queryOptions({ cluster }))
  return (
    <Hydrate>
      <NewTopicPage cluster={cluster} />
    </Hydrate>
  )
}
