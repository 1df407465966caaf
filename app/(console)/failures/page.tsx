import type { SearchParams } from "nuqs/server"
import { Hydrate, prefetch, trpc } from "#app/trpc/server.tsx"
import { listInput } from "./input.ts"
import { loadFailureParams } from "./search-params.ts"
import { FailureList } from "./view.tsx"

export const metadata = { title: "Failures" }

export default async function Page(props: { searchParams: Promise<SearchParams> }) {
  const { clusters, ...state } = await loadFailureParams(props.searchParams)
  await prefetch(trpc.failures.list.queryOptions(listInput(state, clusters)))
  return (
    <Hydrate>
      <FailureList />
    </Hydrate>
  )
}
