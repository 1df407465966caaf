import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromDecoded, fromSegment } from "#server/segment.ts"
import { ClusterPage } from "./view.tsx"

interface Props {
  params: Promise<{ cluster: string }>
}

export async function generateMetadata(props: Props) {
  return { title: fromDecoded((await props.params).cluster) }
}

export default async function Page(props: Props) {
  const cluster = fromSegment((await props.params).cluster)
  await prefetch(trpc.clusters.systems.queryOptions(), trpc.clusters.head.queryOptions({ cluster }))
  return (
    <Hydrate>
      <ClusterPage cluster={cluster} />
    </Hydrate>
  )
}
