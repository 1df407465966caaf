import { fetchRequestHandler } from "@trpc/server/adapters/fetch"
import { createContext } from "#server/trpc/context.ts"
import { appRouter } from "#server/trpc/router.ts"

export const dynamic = "force-dynamic"

function handler(request: Request): Promise<Response> {
  return fetchRequestHandler({
    endpoint: "/api/trpc",
    req: request,
    router: appRouter,
    createContext: () => createContext(request.headers),
    allowMethodOverride: true,
  })
}

export { handler as GET, handler as POST }
