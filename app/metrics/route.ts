import { timingSafeEqual } from "node:crypto"
import { web } from "#server/web.ts"

export const dynamic = "force-dynamic"

/** Prometheus metrics of the web role, for whoever has SIGNALBOX_METRICS_TOKEN. */
export async function GET(request: Request): Promise<Response> {
  const { config, registry } = await web()
  if (!config.metricsToken)
    return new Response("Set SIGNALBOX_METRICS_TOKEN to serve metrics.\n", { status: 404 })
  const given = Buffer.from(request.headers.get("authorization") ?? "")
  const wanted = Buffer.from(`Bearer ${config.metricsToken}`)
  if (given.length !== wanted.length || !timingSafeEqual(given, wanted)) {
    return new Response("Invalid bearer token.\n", { status: 401 })
  }
  return new Response(await registry.metrics(), { headers: { "content-type": registry.contentType } })
}
