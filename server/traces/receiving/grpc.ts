import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type ServiceDefinition,
  type StatusObject,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js"
import { isDomainError } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { MAX_BODY_BYTES } from "../limits.ts"
import { Writer } from "../otlp/writer.ts"
import { partialSuccess, RETRY_AFTER_S } from "./answers.ts"
import type { Receiver } from "./receiver.ts"
import type { TokenCheck } from "./tokens.ts"

const asItIs = (bytes: Buffer) => bytes

/** The bytes go to our own decoder. */
const SERVICE: ServiceDefinition = {
  Export: {
    path: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
}

export interface GrpcParts {
  receiver: Receiver
  admits: TokenCheck
  log: Logger
}

/** OTLP/gRPC (opentelemetry.io/docs/specs/otlp): the method Export of the TraceService. Rejects when it cannot listen. */
export async function listenGrpc(parts: GrpcParts, at: { host: string; port: number }): Promise<GrpcServer> {
  const server = new Server({ "grpc.max_receive_message_length": MAX_BODY_BYTES })
  server.addService(SERVICE, {
    Export: (call: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
      take(parts, call).then(
        (body) => answer(null, body),
        (error: unknown) => answer(refusalFor(parts.log, error).status),
      )
    },
  })
  const host = at.host.includes(":") ? `[${at.host}]` : at.host
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${at.port}`, ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return {
    port,
    close: () => new Promise((resolve) => server.tryShutdown(() => resolve())),
  }
}

export interface GrpcServer {
  port: number
  /** Answers what is under way, and resolves when it has. */
  close(): Promise<void>
}

async function take({ receiver, admits }: GrpcParts, call: ServerUnaryCall<Buffer, Buffer>): Promise<Buffer> {
  const [authorization] = call.metadata.get("authorization")
  if (!admits(authorization?.toString()))
    throw new Refusal(status.UNAUTHENTICATED, "A bearer token is required: set OTEL_EXPORTER_OTLP_HEADERS.")
  const body = call.request
  const release = receiver.reserve(body.length)
  if (!release) throw tryAgain("Signalbox is busy: send the spans again later.")
  try {
    return partialSuccess(await receiver.receive(body))
  } finally {
    release()
  }
}

/** What the caller is answered in place of spans. */
class Refusal extends Error {
  readonly status: Partial<StatusObject>

  constructor(code: status, details: string, metadata = new Metadata()) {
    super(details)
    this.status = { code, details, metadata }
  }
}

/**
 * UNAVAILABLE with RetryInfo, as google.rpc.Status (1 code, 2 message, 3 details) in the trailer that gRPC has for it.
 * RetryInfo has 1 = Duration (1 = seconds); an Any 1 = type, 2 = value.
 */
function tryAgain(details: string): Refusal {
  const delay = new Writer().bytes(1, new Writer().varint(1, RETRY_AFTER_S).finish()).finish()
  const any = new Writer().text(1, "type.googleapis.com/google.rpc.RetryInfo").bytes(2, delay).finish()
  const rich = new Writer().varint(1, status.UNAVAILABLE).text(2, details).bytes(3, any).finish()
  const metadata = new Metadata()
  metadata.set("grpc-status-details-bin", Buffer.from(rich))
  return new Refusal(status.UNAVAILABLE, details, metadata)
}

function refusalFor(log: Logger, error: unknown): Refusal {
  if (error instanceof Refusal) return error
  if (isDomainError(error)) {
    if (error.code === "store_unavailable") return tryAgain(error.message)
    return new Refusal(status.INVALID_ARGUMENT, error.message)
  }
  log.error({ err: error }, "spans could not be stored")
  return new Refusal(status.INTERNAL, "The spans could not be stored; the receiver's log says why.")
}
