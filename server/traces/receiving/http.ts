import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { createServer as createTlsServer } from "node:https"
import { isDomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { MAX_BODY_BYTES } from "../limits.ts"
import { fromJson } from "../otlp/json.ts"
import { Writer } from "../otlp/writer.ts"
import { fromZipkin } from "../zipkin/from-json.ts"
import { partialSuccess, RETRY_AFTER_S } from "./answers.ts"
import { Aborted, Busy, readBody, TooLarge } from "./body.ts"
import type { Received, Receiver } from "./receiver.ts"
import type { Tls } from "./tls.ts"
import type { TokenCheck } from "./tokens.ts"

const PROTOBUF = "application/x-protobuf"
const JSON_TYPE = "application/json"

/** An answer; `words` are empty where all is well. */
interface Answer {
  status: number
  words: string
  received?: Received
  retry?: boolean
}

export interface HttpParts {
  receiver: Receiver
  admits: TokenCheck
  log: Logger
  /** Without it, connections are not encrypted. */
  tls?: Tls | undefined
}

/** A way by which spans come over HTTP. */
interface Door {
  path: string
  /** What to say of another path; null: nothing in particular. */
  elsewhere(path: string): string | null
  isJson(request: IncomingMessage): boolean
  /** Whether it takes no protobuf. */
  onlyJson: boolean
  fromJson(text: string): Buffer
  /** What says that all is well. */
  success: number
}

const OTLP: Door = {
  path: "/v1/traces",
  elsewhere: (path) =>
    path === "/v1/metrics" || path === "/v1/logs"
      ? "Signalbox takes traces only: set OTEL_METRICS_EXPORTER and OTEL_LOGS_EXPORTER to none, or give them another endpoint."
      : null,
  isJson: (request) => typeOf(request).startsWith(JSON_TYPE),
  onlyJson: false,
  fromJson,
  success: 200,
}

const ZIPKIN: Door = {
  path: "/api/v2/spans",
  elsewhere: (path) =>
    path === "/api/v1/spans" ? "Signalbox takes Zipkin's JSON version 2: send spans to /api/v2/spans." : null,
  isJson: () => true,
  onlyJson: true,
  fromJson: fromZipkin,
  success: 202,
}

function typeOf(request: IncomingMessage): string {
  return request.headers["content-type"] ?? ""
}

/** OTLP/HTTP (opentelemetry.io/docs/specs/otlp): POST /v1/traces in protobuf or JSON. */
export function otlpServer(parts: HttpParts): Server {
  return spanServer(parts, OTLP)
}

/** Zipkin's API (zipkin.io/zipkin-api): POST /api/v2/spans in JSON, which is answered with 202. */
export function zipkinServer(parts: HttpParts): Server {
  return spanServer(parts, ZIPKIN)
}

const LIMITS = { headersTimeout: 30_000, requestTimeout: 60_000 }

function spanServer(parts: HttpParts, door: Door): Server {
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    const isJson = door.isJson(request)
    answer(parts, request, door)
      .catch((error: unknown) => failed(parts, error))
      .then((one) => send(response, one, isJson))
      .catch((error: unknown) => {
        parts.log.debug({ err: error }, "an answer could not be sent")
        response.destroy()
      })
  }
  const { tls } = parts
  return tls
    ? tls.serve((keys) => createTlsServer({ ...LIMITS, ...keys }, listener))
    : createServer(LIMITS, listener)
}

async function answer(parts: HttpParts, request: IncomingMessage, door: Door): Promise<Answer> {
  const refusal = await refusalOf(parts, request, door)
  if (refusal) return refusal
  const encoding = (request.headers["content-encoding"] ?? "").toLowerCase()
  const { bytes, free } = await readBody(request, encoding, parts.receiver)
  try {
    const spans = door.isJson(request) ? door.fromJson(bytes.toString()) : bytes
    return { status: door.success, words: "", received: await parts.receiver.receive(spans) }
  } finally {
    free()
  }
}

async function refusalOf(parts: HttpParts, request: IncomingMessage, door: Door): Promise<Answer | null> {
  const path = (request.url ?? "").split("?")[0] ?? ""
  if (path !== door.path) return { status: 404, words: door.elsewhere(path) ?? `Send spans to ${door.path}.` }
  if (request.method !== "POST") return { status: 405, words: "Send spans by POST." }
  if (!(await parts.admits(request.headers.authorization)))
    return { status: 401, words: "A bearer token is required: set OTEL_EXPORTER_OTLP_HEADERS." }
  const type = typeOf(request)
  const isOther = door.onlyJson ? type !== "" && !type.startsWith(JSON_TYPE) : !type.startsWith(PROTOBUF)
  if (isOther && (door.onlyJson || !door.isJson(request))) {
    const types = door.onlyJson ? JSON_TYPE : `${PROTOBUF} or ${JSON_TYPE}`
    return { status: 415, words: `The content type must be ${types}.` }
  }
  if (Number(request.headers["content-length"] ?? 0) > MAX_BODY_BYTES)
    return {
      status: 413,
      words: `The request is larger than ${MAX_BODY_BYTES >> 20} MB: send smaller batches.`,
    }
  return null
}

function failed({ receiver, log }: HttpParts, error: unknown): Answer {
  if (error instanceof Busy) {
    receiver.refuseBusy()
    return { status: 503, words: "Signalbox is busy: send the spans again later.", retry: true }
  }
  if (error instanceof Aborted) return { status: 400, words: "The request was not sent to its end." }
  if (error instanceof TooLarge) return { status: 413, words: error.message }
  if (isDomainError(error)) {
    if (error.code === "store_unavailable") return { status: 503, words: error.message, retry: true }
    if (error.code === "bad_input") return { status: 400, words: error.message }
    if (error.code === "unsupported") return { status: 415, words: error.message }
  }
  log.error({ err: error }, "spans could not be stored")
  return { status: 500, words: "The spans could not be stored; the receiver's log says why." }
}

function send(response: ServerResponse, answer: Answer, isJson: boolean): void {
  const body = answer.received ? success(answer.received, isJson) : status(answer, isJson)
  response.writeHead(answer.status, {
    "content-type": isJson ? JSON_TYPE : PROTOBUF,
    "content-length": body.length,
    ...(answer.retry ? { "retry-after": String(RETRY_AFTER_S) } : {}),
    // What is left of a body that was refused is not read.
    ...(answer.status === 413 || answer.status === 503 ? { connection: "close" } : {}),
  })
  response.end(body)
}

function success(received: Received, isJson: boolean): Buffer {
  if (!isJson) return partialSuccess(received)
  const { rejected, words } = received
  const partial = { partialSuccess: { rejectedSpans: String(rejected), errorMessage: words } }
  return Buffer.from(rejected === 0 ? "{}" : JSON.stringify(partial))
}

/** google.rpc.Status: 1 = code, 2 = message. */
function status({ status, words }: Answer, isJson: boolean): Buffer {
  const code = CODES[status] ?? 13
  if (isJson) return Buffer.from(JSON.stringify({ code, message: words }))
  return new Writer().varint(1, code).text(2, words).finish()
}

/** google.rpc.Code by HTTP status. */
const CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 404: 5, 405: 12, 413: 3, 415: 3, 503: 14 }
