import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromDecoded, fromSegment } from "#server/segment.ts"
import { TopicPage } from "./view.tsx"

interface Props {
  params: Promise<{ cluster: string; topic: string }>
}

export async function generateMetadata(props: Props) {
  return { title: fromDecoded((await props.params).topic) }
}

export default async function Page(props: Props) {
  const params = await props.params
  const cluster = fromSegment(params.cluster)
  const name = fromSegment(params.topic)
  await prefetch(
    trpc.clusters.systems.queryOptions(),
    trpc.clusters.head.queryOptions({ cluster }),
    trpc.destinations.get.queryOptions({ cluster, name }),
  )
  return (
    <Hydrate>
      <TopicPage cluster={cluster} name={name} />
    </Hydrate>
  )
}
