import { defaultShouldDehydrateQuery, QueryClient } from "@tanstack/react-query"

/** One set of defaults for server and browser. Live events say when to ask again, so nothing polls. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { staleTime: 5000, gcTime: 300_000, retry: 1, refetchOnWindowFocus: true },
      dehydrate: {
        shouldDehydrateQuery: (query) =>
          defaultShouldDehydrateQuery(query) || query.state.status === "pending",
      },
    },
  })
}
