"use client"

import { type QueryClient, QueryClientProvider } from "@tanstack/react-query"
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client"
import { createTRPCContext } from "@trpc/tanstack-react-query"
import { type ReactNode, useState } from "react"
import { withBasePath } from "#app/base-path.ts"
import type { AppRouter } from "#server/trpc/router.ts"
import { makeQueryClient } from "./query-client.ts"

export const { TRPCProvider, useTRPC, useTRPCClient } = createTRPCContext<AppRouter>()

const API = withBasePath("/api/trpc")

let browserClient: QueryClient | undefined

function queryClient(): QueryClient {
  if (typeof window === "undefined") return makeQueryClient()
  browserClient ??= makeQueryClient()
  return browserClient
}

export function ApiProvider(props: { children: ReactNode }) {
  const client = queryClient()
  const [trpcClient] = useState(() =>
    createTRPCClient<AppRouter>({
      links: [
        splitLink({
          condition: (operation) => operation.type === "subscription",
          true: httpSubscriptionLink({ url: API }),
          false: splitLink({
            // A query whose input may be larger than an address can be: it says so itself, with { context: { post: true } }.
            condition: (operation) => operation.context.post === true,
            true: httpLink({ url: API, methodOverride: "POST" }),
            false: httpBatchLink({ url: API, maxURLLength: 4000, maxItems: 20 }),
          }),
        }),
      ],
    }),
  )
  return (
    <QueryClientProvider client={client}>
      <TRPCProvider trpcClient={trpcClient} queryClient={client}>
        {props.children}
      </TRPCProvider>
    </QueryClientProvider>
  )
}
