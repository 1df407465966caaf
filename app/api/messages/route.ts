import { authoriseRead } from "#server/access/index.ts"
import { exportInput, exportMessages, exportValue } from "#server/messages/index.ts"
import { createContext } from "#server/trpc/context.ts"
import { errorResponse } from "#server/trpc/http.ts"

export const dynamic = "force-dynamic"

const TYPES = { csv: "text/csv; charset=utf-8", jsonl: "application/x-ndjson" }

/** Messages as a file: /api/messages?ask={...}, the JSON of exportInput; `&value` gives the value of one message alone. */
export function GET(request: Request): Promise<Response> {
  return answer(request, async () => new URL(request.url).searchParams)
}

/** The same from a form, whose choice may be too long for an address. */
export function POST(request: Request): Promise<Response> {
  return answer(request, async () => new URLSearchParams(await request.text()))
}

async function answer(request: Request, asked: () => Promise<URLSearchParams>): Promise<Response> {
  try {
    const ctx = await createContext(request.headers, { method: request.method })
    const given = await asked()
    const input = exportInput.parse(parse(given.get("ask")))
    await authoriseRead(ctx, "message.read", { cluster: input.cluster, input })
    const { of } = input
    const cutOff = (error: unknown) => {
      if (!request.signal.aborted)
        ctx.log.warn({ err: error, destination: input.destination }, "a download was cut off")
    }
    if (given.has("value") && of.kind === "one") {
      const bytes = exportValue(ctx, { ...input, ...of }, request.signal)
      const name = `${input.destination}-${of.partition}-${of.offset}.bin`
      return file(await streamOf(bytes, cutOff), name, "application/octet-stream")
    }
    const lines = exportMessages(ctx, input, request.signal)
    return file(await streamOf(lines, cutOff), `${input.destination}.${input.format}`, TYPES[input.format])
  } catch (error) {
    return errorResponse(error)
  }
}

function parse(ask: string | null): unknown {
  try {
    return JSON.parse(ask ?? "{}")
  } catch {
    return {}
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

/**
 * Asks for a piece when the one before was taken: a slow reader holds nothing in memory here. The first is asked for before
 * it answers: where there is nothing to be read, an error is told as one.
 */
async function streamOf(
  pieces: AsyncGenerator<string | Uint8Array>,
  cutOff: (error: unknown) => void,
): Promise<ReadableStream<Uint8Array>> {
  const encoder = new TextEncoder()
  let next = await pieces.next()
  return new ReadableStream({
    pull: async (controller) => {
      if (next.done) return controller.close()
      controller.enqueue(typeof next.value === "string" ? encoder.encode(next.value) : next.value)
      try {
        next = await pieces.next()
      } catch (error) {
        // A file that lacks the rest would pass for the whole: its connection is closed in the middle.
        cutOff(error)
        throw error
      }
    },
    cancel: async () => void (await pieces.return(undefined)),
  })
}
