import { createOpenApiFetchHandler, generateOpenApiDocument } from "trpc-to-openapi"
import { createContext } from "./context.ts"
import { appRouter } from "./router.ts"

/** Where the HTTP API lives. */
const API_PATH = "/api/v1"

// The library wants a router whose meta may hold anything; ours must hold a permission, which it does not look at.
const router = appRouter as unknown as Parameters<typeof generateOpenApiDocument>[0]

/** The procedures that carry an `api`, over plain HTTP: with an API token, or a session. */
export function answerApi(request: Request): Promise<Response> {
  return createOpenApiFetchHandler({
    endpoint: API_PATH,
    req: Object.assign(request, { query: queryOf(request) }),
    router,
    responseMeta: () => ({ headers: { "cache-control": "no-store" } }),
    createContext: async ({ req }) => ({
      ...(await createContext(req.headers, { method: req.method })),
      encodedParameters: true,
    }),
  })
}

/**
 * The parameters of the query. The library would look for their names in an object of its own making, and fail on those
 * that every object has: `constructor`, `__proto__`.
 */
function queryOf(request: Request): Record<string, string[]> {
  const { searchParams } = new URL(request.url)
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]),
  )
}

/** The HTTP API of the Signalbox at `url` (SIGNALBOX_URL), described from the procedures themselves. */
export function describeApi(url: string) {
  return generateOpenApiDocument(router, {
    title: "Signalbox",
    description:
      "What can be done on the pages, for runbooks and scripts. Send an API token: Authorization: Bearer sbx_…. Path parameters are percent-encoded as UTF-8; in them ~ alone is the empty name, ~2E a point, ~25 a percent sign and ~7E a tilde, for names that no URL can hold.",
    version: "1",
    baseUrl: `${url}${API_PATH}`,
    securitySchemes: { Authorization: { type: "http", scheme: "bearer" } },
  })
}
