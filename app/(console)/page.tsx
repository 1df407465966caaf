import type { SearchParams } from "nuqs/server"
import { Hydrate, prefetch, trpc } from "../trpc/server.tsx"
import { firing } from "./alerts/input.ts"
import { loadGroupParams } from "./group-params.ts"
import { Overview } from "./view.tsx"

export const metadata = { title: "Overview" }

export default async function Page(props: { searchParams: Promise<SearchParams> }) {
  const { clusters } = await loadGroupParams(props.searchParams)
  await prefetch(
    trpc.clusters.systems.queryOptions(),
    trpc.clusters.list.queryOptions(),
    trpc.clusters.names.queryOptions(),
    trpc.alerts.list.queryOptions(firing(clusters)),
  )
  return (
    <Hydrate>
      <Overview />
    </Hydrate>
  )
}
