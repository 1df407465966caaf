import { once } from "node:events"
import {
  createSecureServer,
  createServer,
  type Http2SecureServer,
  type Http2Server,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2"
import { isDomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { MAX_BODY_BYTES } from "../limits.ts"
import { Writer } from "../otlp/writer.ts"
import { partialSuccess, RETRY_AFTER_S } from "./answers.ts"
import { Aborted, Busy, readBody, TooLarge } from "./body.ts"
import { Refusal, readHead, refuse, STATUS, succeed } from "./grpc-call.ts"
import type { Receiver } from "./receiver.ts"
import type { Tls } from "./tls.ts"
import type { TokenCheck } from "./tokens.ts"

const EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
/** Calls of one connection at a time: exporters have one or a few, Collectors ten. */
const MAX_STREAMS = 100
const MAX_CONNECTIONS = 2000
/** Bytes that a sender may be ahead of us, of a connection and of a call. */
const WINDOW = 1 << 20
/** For all of a call. */
const CALL_MS = 60_000

export interface GrpcParts {
  receiver: Receiver
  admits: TokenCheck
  log: Logger
  /** Without it, connections are not encrypted. */
  tls?: Tls | undefined
}

export interface GrpcServer {
  port: number
  /** Answers what is under way, and resolves when it has. */
  close(): Promise<void>
}

/**
 * OTLP/gRPC (opentelemetry.io/docs/specs/otlp): the method Export of the TraceService. Rejects when it cannot listen. It
 * stands on Node's HTTP/2 alone: the libraries for gRPC hand a call over when all of its message is in memory, whoever
 * sends it, and however many others do.
 */
export async function listenGrpc(parts: GrpcParts, at: { host: string; port: number }): Promise<GrpcServer> {
  const options = { settings: { maxConcurrentStreams: MAX_STREAMS, initialWindowSize: WINDOW } }
  const server: Http2Server | Http2SecureServer = parts.tls
    ? parts.tls.serve((keys) => createSecureServer({ ...options, ...keys }))
    : createServer(options)
  server.maxConnections = MAX_CONNECTIONS
  const sessions = new Set<ServerHttp2Session>()
  server.on("session", (session) => {
    session.setLocalWindowSize(WINDOW)
    sessions.add(session)
    session.once("close", () => sessions.delete(session))
  })
  // What a connection or a call breaks with is its own affair.
  server.on("sessionError", (error) => parts.log.debug({ err: error }, "a connection of gRPC broke"))
  server.on("stream", (stream, headers) => {
    stream.on("error", (error) => parts.log.debug({ err: error }, "a call of gRPC broke"))
    const late = setTimeout(() => stream.destroy(), CALL_MS)
    answer(parts, stream, headers)
      .then(
        (message) => succeed(stream, message),
        (error: unknown) => refuse(stream, refusalFor(parts, error)),
      )
      .catch((error: unknown) => {
        // Its connection is closing: nobody hears the answer.
        parts.log.debug({ err: error }, "an answer could not be sent")
        stream.destroy()
      })
      .finally(() => clearTimeout(late))
  })
  server.listen(at.port, at.host)
  await once(server, "listening")
  const address = server.address()
  return {
    port: typeof address === "object" && address ? address.port : at.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const session of sessions) session.close()
      }),
  }
}

async function answer(
  { receiver, admits }: GrpcParts,
  stream: ServerHttp2Stream,
  headers: IncomingHttpHeaders,
): Promise<Buffer> {
  if (headers[":path"] !== EXPORT || headers[":method"] !== "POST")
    throw new Refusal(STATUS.UNIMPLEMENTED, "Signalbox takes traces only: it has no such method.")
  if (!(await admits(headers.authorization)))
    throw new Refusal(STATUS.UNAUTHENTICATED, "A bearer token is required: set OTEL_EXPORTER_OTLP_HEADERS.")
  const { isCompressed, length } = await readHead(stream)
  if (length > MAX_BODY_BYTES) throw new TooLarge(`The message has ${length} bytes: send smaller batches.`)
  const encoding = isCompressed ? String(headers["grpc-encoding"] ?? "identity") : ""
  const { bytes, free } = await readBody(stream, encoding, receiver)
  try {
    if (!isCompressed && bytes.length !== length)
      throw new Refusal(STATUS.INVALID_ARGUMENT, `The message has ${bytes.length} bytes, not ${length}.`)
    return partialSuccess(await receiver.receive(bytes))
  } finally {
    free()
  }
}

/**
 * UNAVAILABLE with RetryInfo, as google.rpc.Status (1 code, 2 message, 3 details) in the trailer that gRPC has for it.
 * RetryInfo has 1 = Duration (1 = seconds); an Any 1 = type, 2 = value.
 */
function tryAgain(words: string): Refusal {
  const delay = new Writer().bytes(1, new Writer().varint(1, RETRY_AFTER_S).finish()).finish()
  const any = new Writer().text(1, "type.googleapis.com/google.rpc.RetryInfo").bytes(2, delay).finish()
  const rich = new Writer().varint(1, STATUS.UNAVAILABLE).text(2, words).bytes(3, any).finish()
  return new Refusal(STATUS.UNAVAILABLE, words, rich)
}

function refusalFor({ receiver, log }: GrpcParts, error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (error instanceof Busy) {
    receiver.refuseBusy()
    return tryAgain("Signalbox is busy: send the spans again later.")
  }
  if (error instanceof Aborted) return new Refusal(STATUS.INTERNAL, "The call was not sent to its end.")
  if (error instanceof TooLarge) return new Refusal(STATUS.RESOURCE_EXHAUSTED, error.message)
  if (isDomainError(error)) {
    if (error.code === "store_unavailable") return tryAgain(error.message)
    const code = error.code === "unsupported" ? STATUS.UNIMPLEMENTED : STATUS.INVALID_ARGUMENT
    return new Refusal(code, error.message)
  }
  log.error({ err: error }, "spans could not be stored")
  return new Refusal(STATUS.INTERNAL, "The spans could not be stored; the receiver's log says why.")
}
