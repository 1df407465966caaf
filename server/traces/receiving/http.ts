import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { isDomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { MAX_BODY_BYTES } from "../limits.ts"
import { fromJson } from "../otlp/json.ts"
import { Writer } from "../otlp/writer.ts"
import { partialSuccess, RETRY_AFTER_S } from "./answers.ts"
import { Aborted, Busy, readBody, TooLarge } from "./body.ts"
import type { Received, Receiver } from "./receiver.ts"
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
}

/** OTLP/HTTP (opentelemetry.io/docs/specs/otlp): POST /v1/traces in protobuf or JSON. */
export function otlpServer(parts: HttpParts): Server {
  return createServer({ headersTimeout: 30_000, requestTimeout: 60_000 }, (request, response) => {
    const isJson = (request.headers["content-type"] ?? "").startsWith(JSON_TYPE)
    answer(parts, request, isJson)
      .catch((error: unknown) => failed(parts, error))
      .then((one) => send(response, one, isJson))
      .catch((error: unknown) => {
        parts.log.debug({ err: error }, "an answer could not be sent")
        response.destroy()
      })
  })
}

async function answer(parts: HttpParts, request: IncomingMessage, isJson: boolean): Promise<Answer> {
  const refusal = refusalOf(parts, request, isJson)
  if (refusal) return refusal
  const encoding = (request.headers["content-encoding"] ?? "").toLowerCase()
  const { bytes, free } = await readBody(request, encoding, parts.receiver)
  try {
    const body = isJson ? fromJson(bytes.toString()) : bytes
    return { status: 200, words: "", received: await parts.receiver.receive(body) }
  } finally {
    free()
  }
}

function refusalOf(parts: HttpParts, request: IncomingMessage, isJson: boolean): Answer | null {
  const path = (request.url ?? "").split("?")[0]
  if (path === "/v1/metrics" || path === "/v1/logs")
    return {
      status: 404,
      words:
        "Signalbox takes traces only: set OTEL_METRICS_EXPORTER and OTEL_LOGS_EXPORTER to none, or give them another endpoint.",
    }
  if (path !== "/v1/traces") return { status: 404, words: "Send spans to /v1/traces." }
  if (request.method !== "POST") return { status: 405, words: "Send spans by POST." }
  if (!parts.admits(request.headers.authorization))
    return { status: 401, words: "A bearer token is required: set OTEL_EXPORTER_OTLP_HEADERS." }
  const type = request.headers["content-type"] ?? ""
  if (!isJson && !type.startsWith(PROTOBUF))
    return { status: 415, words: `The content type must be ${PROTOBUF} or ${JSON_TYPE}.` }
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
  const body = answer.status === 200 ? success(answer.received, isJson) : status(answer, isJson)
  response.writeHead(answer.status, {
    "content-type": isJson ? JSON_TYPE : PROTOBUF,
    "content-length": body.length,
    ...(answer.retry ? { "retry-after": String(RETRY_AFTER_S) } : {}),
    // What is left of a body that was refused is not read.
    ...(answer.status === 413 || answer.status === 503 ? { connection: "close" } : {}),
  })
  response.end(body)
}

function success(received: Received | undefined, isJson: boolean): Buffer {
  if (!received) return Buffer.alloc(0)
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
