import { once } from "node:events"
import { constants, type ServerHttp2Stream } from "node:http2"

/*
 * One call of gRPC over HTTP/2 (github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md):
 *   request   headers (:path, content-type, grpc-encoding), then messages: compressed:1 byte, length:4 bytes, bytes
 *   answer    headers, one message, and trailers (grpc-status, grpc-message); of a call that failed, the trailers alone
 */

/** grpc.io/docs/guides/status-codes */
export const STATUS = {
  INVALID_ARGUMENT: 3,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const

/** What the caller is answered in place of a message. */
export class Refusal extends Error {
  readonly code: number
  /** A google.rpc.Status. */
  readonly details: Uint8Array | null

  constructor(code: number, message: string, details: Uint8Array | null = null) {
    super(message)
    this.code = code
    this.details = details
  }
}

const HEAD_BYTES = 5

/** What stands before the message; `length` as it was sent. Rejects where the call has no message. */
export async function readHead(
  stream: ServerHttp2Stream,
): Promise<{ isCompressed: boolean; length: number }> {
  for (;;) {
    const head: Buffer | null = stream.read(HEAD_BYTES)
    if (head?.length === HEAD_BYTES)
      return { isCompressed: head.readUInt8(0) !== 0, length: head.readUInt32BE(1) }
    if (head !== null || stream.readableEnded || stream.destroyed)
      throw new Refusal(STATUS.INTERNAL, "The call has no message.")
    await Promise.race([once(stream, "readable"), once(stream, "end"), once(stream, "close")])
  }
}

/** Answers with a message. */
export function succeed(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.destroyed || stream.closed) return
  stream.respond(
    { ":status": 200, "content-type": "application/grpc", "grpc-accept-encoding": "identity,gzip" },
    { waitForTrailers: true },
  )
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }))
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeUInt32BE(message.length, 1)
  stream.end(Buffer.concat([head, message]))
}

/** Answers that the call failed. What is left of its message is not read. */
export function refuse(stream: ServerHttp2Stream, { code, message, details }: Refusal): void {
  if (stream.destroyed || stream.closed) return
  stream.respond(
    {
      ":status": 200,
      "content-type": "application/grpc",
      "grpc-status": String(code),
      "grpc-message": percentEncoded(message),
      ...(details ? { "grpc-status-details-bin": Buffer.from(details).toString("base64") } : {}),
    },
    { endStream: true },
  )
  // Else it would stay, with what has arrived of it, for as long as the connection.
  stream.resume()
  stream.close(constants.NGHTTP2_NO_ERROR)
}

/** All but printable ASCII, and the percent sign itself. */
function percentEncoded(message: string): string {
  return message.toWellFormed().replace(/[^\x20-\x24\x26-\x7e]/gu, encodeURIComponent)
}
