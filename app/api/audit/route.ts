import { auditExportInput, authoriseRead, exportAudit } from "#server/access/index.ts"
import { createContext } from "#server/trpc/context.ts"
import { errorResponse } from "#server/trpc/http.ts"

export const dynamic = "force-dynamic"

const TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/x-ndjson" }

/** The audit log as a file: /api/audit?format=csv|jsonl, with the filters of the page. */
export async function GET(request: Request): Promise<Response> {
  try {
    const ctx = await createContext(request.headers)
    await authoriseRead(ctx, "audit.view")
    const input = auditExportInput.parse(readFilter(new URL(request.url).searchParams))
    const name = `signalbox-audit-${new Date(ctx.now()).toISOString().slice(0, 10)}.${input.format}`
    return new Response(streamOf(exportAudit(ctx, input)), {
      headers: {
        "content-type": TYPES[input.format],
        "content-disposition": `attachment; filename="${name}"`,
        "cache-control": "no-store",
      },
    })
  } catch (error) {
    return errorResponse(error)
  }
}

/** Asks for a piece when the one before was taken: a slow reader holds nothing in memory here. */
function streamOf(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await pieces.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await pieces.return(undefined)),
  })
}

function readFilter(from: URLSearchParams) {
  const moment = (name: string) => (from.has(name) ? Number(from.get(name)) : undefined)
  const { result, ...rest } = Object.fromEntries(from)
  return { ...rest, result: result ? result.split(",") : [], from: moment("from"), to: moment("to") }
}
