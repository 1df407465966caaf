import "server-only"

import { dehydrate, HydrationBoundary } from "@tanstack/react-query"
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query"
import { headers } from "next/headers"
import { cache, type ReactNode } from "react"
import { createContext } from "#server/trpc/context.ts"
import { appRouter } from "#server/trpc/router.ts"
import { makeQueryClient } from "./query-client.ts"

export const getQueryClient = cache(makeQueryClient)
/** Pages are for people: an API token, valid or not, opens none. */
export const requestContext = cache(async () => {
  const own = new Headers(await headers())
  own.delete("authorization")
  return createContext(own)
})

/** tRPC for server components: calls the router in this process, without HTTP. */
export const trpc = createTRPCOptionsProxy({
  ctx: requestContext,
  router: appRouter,
  queryClient: getQueryClient,
})

/** Fetches before the page is sent; what fails is asked again by the browser, which shows the error. */
export async function prefetch(...queries: { queryKey: readonly unknown[] }[]): Promise<void> {
  const client = getQueryClient()
  // The options of different procedures have different types; only the query client's own narrowing knows them all.
  await Promise.all(
    queries.map((query) => client.prefetchQuery(query as Parameters<typeof client.prefetchQuery>[0])),
  )
}

export function Hydrate(props: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{props.children}</HydrationBoundary>
}
