import { randomBytes } from "node:crypto"
import { Client, credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js"
import { expect, inject, it } from "vitest"
import { freePort } from "#scripts/stack/ports.ts"
import { createLogger } from "#server/log.ts"
import { openStore } from "#server/store/index.ts"
import { listenGrpc, Receiver } from "#server/traces/index.ts"
import { readTrace } from "#server/traces/queries/read-trace.ts"
import { requestOf } from "./requests.ts"
import { receiverWorld } from "./world.ts"

const TOKEN = "0123456789abcdef"

/** A receiver of OTLP/gRPC, and a client of it that sends bytes. */
async function grpcWorld(receiver: Receiver) {
  const log = createLogger("receiver")
  const server = await listenGrpc(
    { receiver, admits: (authorization) => authorization === `Bearer ${TOKEN}`, log },
    { host: "127.0.0.1", port: 0 },
  )
  const client = new Client(`127.0.0.1:${server.port}`, credentials.createInsecure())
  const path = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
  const same = (bytes: Buffer) => bytes
  const send = (body: Buffer, token = TOKEN) => {
    const metadata = new Metadata()
    metadata.set("authorization", `Bearer ${token}`)
    return new Promise<Buffer>((resolve, reject) => {
      client.makeUnaryRequest(path, same, same, body, metadata, (error, answer) =>
        error ? reject(error) : resolve(answer ?? Buffer.alloc(0)),
      )
    })
  }
  return {
    send,
    [Symbol.asyncDispose]: async () => {
      client.close()
      await server.close()
    },
  }
}

async function refusalOf(answer: Promise<Buffer>): Promise<ServiceError> {
  return answer.then(
    () => Promise.reject(new Error("it was not refused")),
    (error: ServiceError) => error,
  )
}

it("takes spans over gRPC, says which it cannot keep, and refuses the rest in words", async () => {
  await using world = await receiverWorld()
  await using grpc = await grpcWorld(world.receiver)
  const traceId = randomBytes(16)
  expect(await grpc.send(requestOf(traceId, [{}, {}]))).toEqual(Buffer.alloc(0))
  expect((await readTrace(world.store, traceId)).spans).toHaveLength(2)
  const partial = await grpc.send(requestOf(traceId, [{}, { spanId: Buffer.alloc(8) }]))
  expect(partial.toString()).toContain("1 span have a span id of zeros")
  const cut = await refusalOf(grpc.send(requestOf(traceId, [{}]).subarray(0, -2)))
  expect([cut.code, cut.details]).toEqual([
    status.INVALID_ARGUMENT,
    expect.stringContaining("Malformed protobuf"),
  ])
  const stranger = await refusalOf(grpc.send(requestOf(traceId, [{}]), "another token of 16"))
  expect(stranger.code).toBe(status.UNAUTHENTICATED)
  const large = await refusalOf(grpc.send(Buffer.alloc(20 << 20)))
  expect(large.code).toBe(status.RESOURCE_EXHAUSTED)
})

it("asks for another try, and says when, while the database is away", async () => {
  const url = new URL(inject("postgresUrl"))
  url.port = String(await freePort())
  await using store = openStore(url.href, { max: 1 })
  const nothing = () => undefined
  const counts = { accepted: nothing, rejected: nothing, cut: nothing, refused: nothing }
  const receiver = new Receiver({
    store,
    keep: { days: 7, bytes: 1e12 },
    counts,
    log: createLogger("receiver"),
  })
  await using grpc = await grpcWorld(receiver)
  const away = await refusalOf(grpc.send(requestOf(randomBytes(16), [{}])))
  expect([away.code, away.details]).toEqual([
    status.UNAVAILABLE,
    expect.stringContaining("cannot reach its database"),
  ])
  const [details] = away.metadata.get("grpc-status-details-bin")
  expect(Buffer.from(details ?? "").toString()).toContain("google.rpc.RetryInfo")
})
