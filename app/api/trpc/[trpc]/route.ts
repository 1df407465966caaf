import { fetchRequestHandler } from "@trpc/server/adapters/fetch"
import { createContext } from "#server/trpc/context.ts"
import { appRouter } from "#server/trpc/router.ts"

/** Calls in one request; the pages ask for no more at once (app/trpc/client.tsx). */
const MAX_BATCH = 20

export const dynamic = "force-dynamic"

function handler(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    maxBatchSize: MAX_BATCH,
    createContext: ({ info }) =>
      createContext(request.headers, { method: request.method, calls: info.calls.length }),
    allowMethodOverride: true,
    // Joined with what tRPC itself says of streams.
    responseMeta: () => ({ headers: { "cache-control": "no-store" } }),
  })
}

export { handler as GET, handler as POST }
