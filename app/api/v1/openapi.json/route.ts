import { describeApi } from "#server/trpc/api.ts"
import { web } from "#server/web.ts"

export const dynamic = "force-dynamic"

/** What the HTTP API can do, as OpenAPI 3.1; no sign-in needed: it tells nothing of any cluster. */
export async function GET(): Promise<Response> {
  const { config } = await web()
  return Response.json(describeApi(config.url))
}
