import { authoriseRead } from "#server/access/index.ts"
import { exportTrace, exportTraceInput } from "#server/traces/index.ts"
import { createContext } from "#server/trpc/context.ts"
import { errorResponse } from "#server/trpc/http.ts"

export const dynamic = "force-dynamic"

/** A trace as a file: /api/traces/<id>?format=otlp|jaeger, for whoever may see its page. */
export async function GET(request: Request, props: { params: Promise<{ id: string }> }): Promise<Response> {
  try {
    const ctx = await createContext(request.headers)
    const { id } = await props.params
    const format = new URL(request.url).searchParams.get("format") ?? undefined
    await authoriseRead(ctx, "trace.read", { input: { traceId: id } })
    const { name, text } = await exportTrace(ctx, exportTraceInput.parse({ traceId: id, format }))
    return new Response(text, {
      headers: {
        "content-type": "application/json",
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
      },
    })
  } catch (error) {
    return errorResponse(error)
  }
}
