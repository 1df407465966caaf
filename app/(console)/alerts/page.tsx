import type { SearchParams } from "nuqs/server"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { loadAlertParams } from "./search-params.ts"
import { Alerts } from "./view.tsx"

export const metadata = { title: "Alerts" }

export default async function Page(props: { searchParams: Promise<SearchParams> }) {
  const { tab, page } = await loadAlertParams(props.searchParams)
  if (tab === "firing" || tab === "history")
    await prefetch(trpc.alerts.list.queryOptions({ state: tab === "firing" ? "active" : "resolved", page }))
  if (tab === "silences") await prefetch(trpc.alerts.silences.queryOptions())
  if (tab === "rules") await prefetch(trpc.alerts.rules.queryOptions())
  return (
    <Hydrate>
      <Alerts />
    </Hydrate>
  )
}
