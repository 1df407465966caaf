import type { IncomingMessage, ServerResponse } from "node:http"

const MB = 1 << 20

export interface BodyLimits {
  /** Bytes of one body. */
  most: number
  /** Bytes of one upload. */
  mostUpload: number
  /** Bytes of all bodies that are under way. */
  mostTogether: number
}

export const BODY_LIMITS: BodyLimits = { most: MB, mostUpload: 16 * MB, mostTogether: 64 * MB }

/** Messages that are produced from a file; asked for alone, never in a batch. */
const UPLOAD = /^(?:\/[^/?]+)*\/api\/trpc\/messages\.produce(?:\?|$)/

/**
 * Counts the bytes of request bodies before anybody reads them, and refuses what is too much: 413 for one body, 503 when
 * all bodies under way are. It knows nothing of who asks, so nobody can fill the memory without signing in.
 */
export class BodyGuard {
  readonly #limits: BodyLimits
  #together = 0

  constructor(limits: BodyLimits = BODY_LIMITS) {
    this.#limits = limits
  }

  /** True when the request may go on; else it has been answered. */
  admit(request: IncomingMessage, response: ServerResponse): boolean {
    const most = UPLOAD.test(request.url ?? "") ? this.#limits.mostUpload : this.#limits.most
    const declared = Number(request.headers["content-length"] ?? 0)
    if (declared > most) return refuse(response, 413, tooLarge(most))
    if (this.#together + declared > this.#limits.mostTogether) return refuse(response, 503, BUSY)
    this.#count(request, response, most)
    return true
  }

  #count(request: IncomingMessage, response: ServerResponse, most: number): void {
    let bytes = 0
    let refused = false
    let over = false
    const push = request.push.bind(request)
    request.push = (chunk: unknown, encoding?: BufferEncoding) => {
      // Dropped; the connection is about to be cut.
      if (refused) return true
      if (over) return push(chunk, encoding)
      const size = chunk instanceof Uint8Array ? chunk.byteLength : 0
      bytes += size
      this.#together += size
      if (bytes <= most && this.#together <= this.#limits.mostTogether) return push(chunk, encoding)
      refused = true
      if (bytes > most) return refuse(response, 413, tooLarge(most))
      return refuse(response, 503, BUSY)
    }
    response.once("close", () => {
      over = true
      this.#together -= bytes
    })
  }
}

const BUSY = "Too much is being uploaded at the moment. Try again in a few seconds."

function tooLarge(most: number): string {
  return `The request body is larger than ${most / MB} MB.`
}

/** Answers and closes the connection: what else was sent is not read. */
function refuse(response: ServerResponse, status: 413 | 503, message: string): false {
  if (!response.headersSent) {
    const code = status === 413 ? "PAYLOAD_TOO_LARGE" : "SERVICE_UNAVAILABLE"
    response.writeHead(status, {
      "content-type": "application/json",
      "cache-control": "no-store",
      connection: "close",
      ...(status === 503 ? { "retry-after": "5" } : {}),
    })
    response.end(JSON.stringify({ error: { code, message } }))
  }
  // The answer goes out before the socket is cut; who goes on sending is not heard.
  response.once("finish", () => setTimeout(() => response.socket?.destroy(), 500).unref())
  return false
}
