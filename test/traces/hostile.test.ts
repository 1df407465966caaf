import { randomBytes } from "node:crypto"
import { readFile } from "node:fs/promises"
import { type ClientHttp2Session, connect } from "node:http2"
import { createConnection, type Socket } from "node:net"
import path from "node:path"
import { gzipSync, zstdCompressSync } from "node:zlib"
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from "vitest"
import { freePorts } from "#scripts/stack/ports.ts"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { type Server, startServer } from "#scripts/stack/process.ts"
import { migrate } from "#server/store/index.ts"
import { until } from "#test/until.ts"
import { nanoseconds, requestOf } from "./requests.ts"

const MB = 1 << 20
const MAX_RSS_MB = 600
const TOKEN = "0123456789abcdef"
const EXPORT = "/opentelemetry.proto.collector.trace.v1.TraceService/Export"
const PROTOBUF = "application/x-protobuf"

let database: Awaited<ReturnType<typeof createDatabase>>
let ports: { http: number; grpc: number; metrics: number }
let receiver: Server
beforeAll(async () => {
  database = await createDatabase(inject("postgresUrl"))
  await migrate(database.url)
  const [http = 0, grpc = 0, metrics = 0] = await freePorts(3)
  ports = { http, grpc, metrics }
})
afterAll(() => database?.[Symbol.asyncDispose]())

beforeEach(async () => {
  receiver = await startServer({
    name: "receiver",
    command: process.execPath,
    args: [path.resolve("server/roles/receiver.ts")],
    env: {
      DATABASE_URL: database.url,
      SIGNALBOX_OTLP_HTTP_PORT: String(ports.http),
      SIGNALBOX_OTLP_GRPC_PORT: String(ports.grpc),
      SIGNALBOX_RECEIVER_METRICS_PORT: String(ports.metrics),
      SIGNALBOX_RECEIVER_TOKENS: TOKEN,
    },
    ready: async () =>
      (await fetch(`http://127.0.0.1:${ports.metrics}/healthz`).catch(() => null))?.ok === true,
  })
})
/** Whatever was sent: it runs, is small, and takes the spans of others. */
afterEach(async () => {
  try {
    await until(
      "a sender is heard",
      async () => (await post(requestOf(randomBytes(16), [{}]))).status === 200,
    )
    expect(receiver.running, receiver.log()).toBe(true)
    const status = await readFile(`/proc/${receiver.pid}/status`, "utf8")
    expect(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024).toBeLessThan(MAX_RSS_MB)
  } finally {
    await receiver.stop()
  }
})

const headers = { "content-type": PROTOBUF, authorization: `Bearer ${TOKEN}` }

function post(body: Buffer, more: Record<string, string> = {}): Promise<Response> {
  const asked = { method: "POST", headers: { ...headers, ...more }, body: new Uint8Array(body) }
  return fetch(`http://127.0.0.1:${ports.http}/v1/traces`, asked)
}

/** Of so many at once, the statuses that came; a connection that was closed is none. */
async function statuses(count: number, send: () => Promise<Response>): Promise<Set<number>> {
  const answers = await Promise.all(Array.from({ length: count }, () => send().catch(() => null)))
  return new Set(answers.map((one) => one?.status ?? 0))
}

/** Fifteen megabytes that are read as one field, and no request. */
const LONG = Buffer.concat([Buffer.from("0af8ffff06", "hex"), Buffer.alloc(15 * MB - 8)])

it.each([
  ["gzip", gzipSync(LONG), [200, 400, 503]],
  ["zstd", zstdCompressSync(LONG), [200, 400, 503]],
  ["gzip", gzipSync(Buffer.alloc(300 * MB)), [413, 503]],
  ["zstd", zstdCompressSync(Buffer.alloc(300 * MB)), [413, 503]],
])("a hundred bodies at once that %s has made small", async (encoding, body, allowed) => {
  const seen = await statuses(100, () => post(body, { "content-encoding": encoding }))
  expect([...allowed, 0]).toEqual(expect.arrayContaining([...seen]))
})

it("senders that announce much, and senders that stop in the middle", async () => {
  const open: Socket[] = []
  const begin = (sent: Buffer) => {
    const socket = createConnection(ports.http, "127.0.0.1").on("error", () => undefined)
    const head = Object.entries({ host: "signalbox", ...headers, "content-length": String(16 * MB) })
    socket.write(`POST /v1/traces HTTP/1.1\r\n${head.map((pair) => pair.join(": ")).join("\r\n")}\r\n\r\n`)
    socket.write(sent)
    open.push(socket)
  }
  for (let i = 0; i < 50; i++) begin(Buffer.alloc(1))
  for (let i = 0; i < 12; i++) begin(Buffer.alloc(15 * MB))
  // Those that have been sending for long make way.
  await until("a sender is heard", async () => (await post(requestOf(randomBytes(16), [{}]))).status === 200)
  for (const socket of open) socket.destroy()
})

const json = (text: string) => () =>
  post(gzipSync(text), { "content-type": "application/json", "content-encoding": "gzip" })
const packed = (body: Buffer) => () => post(gzipSync(body), { "content-encoding": "gzip" })
const manyTimes = Array.from({ length: 27 }, (_, i) => nanoseconds(Date.now() - i * 6 * 3_600_000))

it.each([
  ["five million objects", json(`{"resourceSpans":[${"{},".repeat(5_000_000)}{}]}`)],
  [
    "five million attributes",
    json(`{"resourceSpans":[{"resource":{"attributes":[${"{},".repeat(5_000_000)}{}]}}]}`),
  ],
  ["eight million levels", json(`${"[".repeat(8_000_000)}${"]".repeat(8_000_000)}`)],
  ["half a million levels", json(`${'{"resourceSpans":'.repeat(450_000)}1${"}".repeat(450_000)}`)],
  ["eight million resources", packed(Buffer.from("0a00".repeat(8_000_000), "hex"))],
  [
    "six million scopes",
    packed(Buffer.concat([Buffer.from("0a80b6dc05", "hex"), Buffer.from("1200".repeat(6_000_000), "hex")])),
  ],
  [
    "one large resource for many times",
    json(
      JSON.stringify({
        resourceSpans: [
          {
            resource: {
              attributes: Array.from({ length: 230 }, (_, i) => ({
                key: `k${i}`,
                value: { stringValue: "x".repeat(60_000) },
              })),
            },
            scopeSpans: [
              {
                spans: manyTimes.map((time, i) => ({
                  traceId: randomBytes(16).toString("hex"),
                  spanId: randomBytes(8).toString("hex"),
                  name: `at ${i}`,
                  startTimeUnixNano: time,
                  endTimeUnixNano: time,
                })),
              },
            ],
          },
        ],
      }),
    ),
  ],
])("requests of %s", async (_, send) => {
  const seen = await statuses(4, send)
  expect([400, 503, 0]).toEqual(expect.arrayContaining([...seen]))
})

/** A call that sends this, and its status; null: it was cut off. */
function call(session: ClientHttp2Session, token: string, { sent, ends }: { sent: Buffer; ends: boolean }) {
  const stream = session.request({
    ...{ ":method": "POST", ":path": EXPORT, "content-type": "application/grpc", te: "trailers" },
    ...{ authorization: `Bearer ${token}`, "grpc-encoding": "gzip" },
  })
  return new Promise<string | null>((resolve) => {
    const told = (of: Record<string, unknown>) => of["grpc-status"] && resolve(String(of["grpc-status"]))
    stream
      .on("response", told)
      .on("trailers", told)
      .on("error", () => resolve(null))
    stream.on("close", () => resolve(null)).resume()
    if (ends) stream.end(sent)
    else stream.write(sent)
  })
}

it("calls of gRPC that are small when they come, and calls that do not end", async () => {
  const sessions = [1, 2, 3, 4].map(() =>
    connect(`http://127.0.0.1:${ports.grpc}`).on("error", () => undefined),
  )
  const message = (body: Buffer, length = body.length) => {
    const head = Buffer.from([1, 0, 0, 0, 0])
    head.writeUInt32BE(length, 1)
    return Buffer.concat([head, body])
  }
  const bombs = [gzipSync(LONG), gzipSync(Buffer.alloc(300 * MB))].map((body) => message(body))
  const all = sessions.flatMap((session) =>
    Array.from({ length: 25 }, (_, i) => call(session, TOKEN, { sent: bombs[i % 2] ?? LONG, ends: true })),
  )
  const seen = new Set(await Promise.all(all))
  // INVALID_ARGUMENT, RESOURCE_EXHAUSTED, UNAVAILABLE
  expect(["3", "8", "14", null]).toEqual(expect.arrayContaining([...seen]))
  // Who has no token is answered before anything of the message has come.
  const half = { sent: message(Buffer.alloc(0), 15 * MB), ends: false }
  expect(await Promise.all(sessions.map((one) => call(one, "wrong", half)))).toEqual(sessions.map(() => "16"))
  for (const session of sessions)
    for (let i = 0; i < 40; i++)
      void call(session, TOKEN, { ...half, sent: message(Buffer.alloc(2 * MB), 15 * MB) })
  await until("a sender is heard", async () => (await post(requestOf(randomBytes(16), [{}]))).status === 200)
  for (const session of sessions) session.destroy()
})
