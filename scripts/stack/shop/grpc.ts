import { readFileSync } from "node:fs"
import path from "node:path"
import {
  Client,
  credentials,
  Metadata,
  type MethodDefinition,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js"
import { type Context, SpanKind, type Tracer } from "@opentelemetry/api"
import protobuf from "protobufjs"
import type { Order } from "./model.ts"
import { annotate, contextOf, headersIn, inSpan } from "./spans.ts"

/** The methods of shop.proto. */
export interface Methods {
  "shop.Orders/Place": { request: Order; response: { orderId: string } }
  "shop.Inventory/Reserve": {
    request: { orderId: string; items: Order["items"] }
    response: { reservations: number }
  }
  "shop.Payment/Authorise": { request: { orderId: string }; response: { authorisation: string } }
}

export type Method = keyof Methods

/** A failure with a status of gRPC. */
export class StatusError extends Error {
  override readonly name = "StatusError"
  readonly code: status
  constructor(code: status, message: string) {
    super(message)
    this.code = code
  }
}

const DEADLINE_MS = 5000

const { root } = protobuf.parse(readFileSync(path.join(import.meta.dirname, "shop.proto"), "utf8"))

function definitionOf(method: Method): MethodDefinition<object, object> {
  const [serviceName = "", name = ""] = method.split("/")
  const { requestType, responseType } = root.lookupService(serviceName).methods[name] ?? {}
  const [request, response] = [codecOf(requestType), codecOf(responseType)]
  return {
    path: `/${method}`,
    ...{ requestStream: false, responseStream: false },
    ...{ requestSerialize: request.encode, requestDeserialize: request.decode },
    ...{ responseSerialize: response.encode, responseDeserialize: response.decode },
  }
}

function codecOf(name = "") {
  const type = root.lookupType(`shop.${name}`)
  return {
    encode: (value: object) => Buffer.from(type.encode(type.fromObject(value)).finish()),
    decode: (bytes: Buffer): object => type.toObject(type.decode(bytes), { defaults: true }),
  }
}

export interface GrpcServer extends AsyncDisposable {
  /** host:port */
  address: string
}

/** Serves one method over gRPC on loopback; each call is a span of kind server. */
export async function serveGrpc<Name extends Method>(
  method: Name,
  tracer: Tracer,
  handle: (request: Methods[Name]["request"], at: Context) => Promise<Methods[Name]["response"]>,
): Promise<GrpcServer> {
  const server = new Server()
  const [, name = ""] = method.split("/")
  const definition: ServiceDefinition = { [name]: definitionOf(method) }
  const implementation: UntypedServiceImplementation = {
    [name]: (
      call: { request: Methods[Name]["request"]; metadata: Metadata },
      answer: (error: Partial<ServiceError> | null, response?: object) => void,
    ) => {
      const parent = contextOf(call.metadata.getMap())
      const of = { name: method, kind: SpanKind.SERVER, attributes: attributesOf(method), parent }
      void inSpan(tracer, of, async (at) => {
        try {
          const response = await handle(call.request, at)
          annotate(at, { "rpc.response.status_code": "OK" })
          return response
        } catch (error) {
          annotate(at, { "rpc.response.status_code": status[codeOf(error)] })
          throw error
        }
      }).then(
        (response) => answer(null, response),
        (error) => answer({ code: codeOf(error), details: error instanceof Error ? error.message : "" }),
      )
    },
  }
  server.addService(definition, implementation)
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    )
  })
  return {
    address: `127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => server.forceShutdown(),
  }
}

export interface GrpcClient<Name extends Method> extends Disposable {
  call(request: Methods[Name]["request"], at: Context): Promise<Methods[Name]["response"]>
}

/** Calls one method of a service, of its instances in turn; each call is a span of kind client. */
export function grpcClient<Name extends Method>(
  method: Name,
  tracer: Tracer,
  to: { service: string; addresses: readonly string[] },
): GrpcClient<Name> {
  const definition = definitionOf(method)
  const client = new Client(`ipv4:${to.addresses.join(",")}`, credentials.createInsecure(), {
    "grpc.service_config": JSON.stringify({ loadBalancingConfig: [{ round_robin: {} }] }),
  })
  const attributes = { ...attributesOf(method), "service.peer.name": to.service }
  return {
    call: (request, parent) =>
      inSpan(tracer, { name: method, kind: SpanKind.CLIENT, attributes, parent }, async (at) => {
        const response = await unary(client, definition, { request, at })
        annotate(at, { "rpc.response.status_code": "OK" })
        // What the server's own definition of the same method has encoded.
        return response as Methods[Name]["response"]
      }),
    [Symbol.dispose]: () => client.close(),
  }
}

function unary(
  client: Client,
  { path: to, requestSerialize, responseDeserialize }: MethodDefinition<object, object>,
  { request, at }: { request: object; at: Context },
): Promise<object> {
  const metadata = new Metadata()
  for (const [name, value] of Object.entries(headersIn(at))) metadata.set(name, value)
  return new Promise((resolve, reject) => {
    const call = client.makeUnaryRequest(
      to,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      { deadline: Date.now() + DEADLINE_MS },
      (error, response) => {
        // Which of the instances it was.
        const [address = "", port] = call.getPeer().split(":")
        annotate(at, { "server.address": address, "server.port": Number(port) || 0 })
        if (response) return resolve(response)
        const code = error?.code ?? status.UNKNOWN
        annotate(at, { "rpc.response.status_code": status[code] })
        reject(new StatusError(code, error?.details ?? ""))
      },
    )
  })
}

function attributesOf(method: Method) {
  return { "rpc.system.name": "grpc", "rpc.method": method }
}

function codeOf(error: unknown): status {
  return error instanceof StatusError ? error.code : status.INTERNAL
}
