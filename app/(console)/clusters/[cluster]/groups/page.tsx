import type { SearchParams } from "nuqs/server"
import { GROUPS_A_PAGE, loadGroupParams } from "#app/(console)/group-params.ts"
import { GroupTable } from "#app/(console)/group-table.tsx"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { fromSegment } from "#server/segment.ts"
import { ClusterHead } from "../head.tsx"
import { NewGroup } from "./new-group.tsx"

export const metadata = { title: "Consumer groups" }

interface Props {
  params: Promise<{ cluster: string }>
  searchParams: Promise<SearchParams>
}

export default async function Page(props: Props) {
  const cluster = fromSegment((await props.params).cluster)
  const state = await loadGroupParams(props.searchParams)
  await prefetch(
    trpc.clusters.systems.queryOptions(),
    trpc.clusters.head.queryOptions({ cluster }),
    trpc.groups.list.queryOptions({ ...state, clusters: [cluster], pageSize: GROUPS_A_PAGE }),
  )
  return (
    <Hydrate>
      <ClusterHead cluster={cluster} place="groups" />
      <GroupTable cluster={cluster} />
      <NewGroup cluster={cluster} />
    </Hydrate>
  )
}
