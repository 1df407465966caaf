import type { SearchParams } from "nuqs/server"
import { HOME } from "#app/(console)/home.ts"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { PageHead } from "#app/ui/page-head.tsx"
import { GROUPS_A_PAGE, loadGroupParams } from "../group-params.ts"
import { GroupTable } from "../group-table.tsx"

export const metadata = { title: "Lag" }

export default async function Page(props: { searchParams: Promise<SearchParams> }) {
  const state = await loadGroupParams(props.searchParams)
  await prefetch(trpc.groups.list.queryOptions({ ...state, pageSize: GROUPS_A_PAGE }))
  return (
    <Hydrate>
      <PageHead above={HOME} title="Consumer lag" />
      <GroupTable />
    </Hydrate>
  )
}
