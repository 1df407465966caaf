import type { SearchParams } from "nuqs/server"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { loadNewRule } from "../search-params.ts"
import { NewRuleView } from "./view.tsx"

export const metadata = { title: "New alert rule" }

export default async function Page(props: { searchParams: Promise<SearchParams> }) {
  const about = await loadNewRule(props.searchParams)
  await prefetch(trpc.alerts.rules.queryOptions(), trpc.clusters.names.queryOptions())
  return (
    <Hydrate>
      <NewRuleView about={about} />
    </Hydrate>
  )
}
