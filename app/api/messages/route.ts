import { authorise } from "#server/access/index.ts"
import { exportInput, exportMessages, exportValue } from "#server/messages/index.ts"
import { createContext } from "#server/trpc/context.ts"
import { errorResponse } from "#server/trpc/http.ts"

export const dynamic = "force-dynamic"

const TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/x-ndjson" }

/** Messages as a file: /api/messages?ask={...}, the JSON of exportInput; `&value` gives the value of one message alone. */
export async function GET(request: Request): Promise<Response> {
  try {
    const ctx = await createContext(request.headers)
    const { searchParams } = new URL(request.url)
    const given: unknown = JSON.parse(searchParams.get("ask") ?? "{}")
    const input = exportInput.parse(given)
    authorise(ctx.actor, "message.read", input.cluster)
    const { of } = input
    if (searchParams.has("value") && of.kind === "one") {
      const bytes = await exportValue(ctx, { ...input, ...of }, request.signal)
      const name = `${input.destination}-${of.partition}-${of.offset}.bin`
      return file(new Uint8Array(bytes), name, "application/octet-stream")
    }
    const lines = exportMessages(ctx, input, request.signal)
    return file(streamOf(lines), `${input.destination}.${input.format}`, TYPES[input.format])
  } catch (error) {
    return errorResponse(error)
  }
}

function file(body: BodyInit, name: string, type: string): Response {
  const safe = name.replace(/[^\w.-]+/g, "-")
  return new Response(body, {
    headers: {
      "content-type": type,
      "content-disposition": `attachment; filename="${safe}"`,
      "cache-control": "no-store",
    },
  })
}

/** Asks for a line when the one before was taken: a slow reader holds nothing in memory here. */
function streamOf(lines: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  return new ReadableStream({
    pull: async (controller) => {
      const { done, value } = await lines.next()
      if (done) controller.close()
      else controller.enqueue(encoder.encode(value))
    },
    cancel: async () => void (await lines.return(undefined)),
  })
}
