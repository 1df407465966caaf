import { describeApi } from "#server/trpc/api.ts"

export const dynamic = "force-dynamic"

/** What the HTTP API can do, as OpenAPI 3.1; no sign-in needed: it tells nothing of any cluster. */
export function GET(request: Request): Response {
  return Response.json(describeApi(new URL(request.url).origin))
}
