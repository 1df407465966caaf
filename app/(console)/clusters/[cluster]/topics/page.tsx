import type { SearchParams } from "nuqs/server"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { loadTopicsParams, PAGE_SIZE } from "./search-params.ts"
import { TopicsPage } from "./view.tsx"

export const metadata = { title: "Topics" }

export default async function Page(props: {
  params: Promise<{ cluster: string }>
  searchParams: Promise<SearchParams>
}) {
  const cluster = fromSegment((await props.params).cluster)
  const state = await loadTopicsParams(props.searchParams)
  await prefetch(
    trpc.clusters.systems.queryOptions(),
    trpc.clusters.head.queryOptions({ cluster }),
    trpc.destinations.list.queryOptions({ cluster, ...state, pageSize: PAGE_SIZE }),
  )
  return (
    <Hydrate>
      <TopicsPage cluster={cluster} />
    </Hydrate>
  )
}
