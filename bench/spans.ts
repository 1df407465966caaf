import { readFileSync } from "node:fs"
import { Agent, request } from "node:http"
import path from "node:path"
import { freePorts } from "#scripts/stack/ports.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { startServer } from "#scripts/stack/process.ts"
import { migrate, openStore, type Store } from "#server/store/index.ts"
import { decodeRequest } from "#server/traces/otlp/decode.ts"
import { Dictionaries } from "#server/traces/storing/dictionaries.ts"
import { chunkIds } from "#server/traces/storing/ids.ts"
import { makePartitions, partitionOf } from "#server/traces/storing/partitions.ts"
import { prepare } from "#server/traces/storing/prepare.ts"
import { copyRequests } from "#server/traces/storing/write.ts"
import { renew, SPANS, shopRequests } from "./spans-world.ts"

const SECONDS = Number(process.env.BENCH_SECONDS ?? 60)
const BATCH = 512
/** Requests that are sent again and again, each time with other ids and times. */
const REQUESTS = 256
/** Exporters that send at the same time. */
const SENDERS = 8

/**
 * Spans a second that the receiver acknowledges after their commit: OTLP/HTTP in protobuf, batches of 512, the receiver as
 * a process of its own, PostgreSQL with its default durability, and the load from here, all on one machine. In the same
 * run two floors, of one process each: decoding only, and COPY of the same rows only.
 */
export default async function spans(): Promise<void> {
  await using postgres = await startPostgres({
    config: { fsync: "on", shared_buffers: "256MB", max_wal_size: "4GB" },
  })
  const url = await postgres.createDatabase()
  await migrate(url)
  await using store = openStore(url, { max: 4 })
  const requests = shopRequests(REQUESTS, BATCH, Date.now() - 60_000)
  const bytes = requests.reduce((sum, one) => sum + one.length, 0) / (REQUESTS * BATCH)
  const received = await receive(store, url, requests)
  const disk = await bytesOnDisk(store)
  const decode = decodeOnly(requests)
  const copy = await copyOnly(store, requests)
  const figures = {
    bench: "spans",
    spansASecond: received.spansASecond,
    answerMs: received.answerMs,
    receiverRssMb: received.rssMb,
    receiverCpuUsASpan: received.cpuUs,
    wireBytesASpan: Math.round(bytes),
    diskBytesASpan: Number((disk.bytes / disk.spans).toFixed(1)),
    floors: { decodeSpansASecond: decode, copySpansASecond: copy },
    ofFloors: {
      decode: Number((received.spansASecond / decode).toFixed(3)),
      copy: Number((received.spansASecond / copy).toFixed(3)),
    },
  }
  console.log(`\n${SPANS}.`)
  console.table({
    spans: { ...figures, answerMs: figures.answerMs.p50, floors: undefined, ofFloors: undefined },
  })
  console.log(JSON.stringify(figures))
}

interface Sent {
  spansASecond: number
  answerMs: { p50: number; p99: number; max: number }
  rssMb: number
  cpuUs: number
}

async function receive(store: Store, url: string, requests: readonly Buffer[]): Promise<Sent> {
  const [port = 0, metricsPort = 0] = await freePorts(2)
  await using receiver = await startServer({
    name: "receiver",
    command: process.execPath,
    args: [path.resolve("server/roles/receiver.ts")],
    env: {
      DATABASE_URL: url,
      SIGNALBOX_OTLP_HTTP_PORT: String(port),
      SIGNALBOX_OTLP_GRPC_PORT: "0",
      SIGNALBOX_ZIPKIN_PORT: "0",
      SIGNALBOX_RECEIVER_METRICS_PORT: String(metricsPort),
    },
    ready: async () =>
      (await fetch(`http://127.0.0.1:${metricsPort}/healthz`).catch(() => null))?.ok === true,
  })
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS })
  const times: number[] = []
  let sent = 0
  const began = performance.now()
  const send = async () => {
    while (performance.now() - began < SECONDS * 1000) {
      const turn = sent++
      const body = Buffer.from(requests[turn % REQUESTS] ?? "")
      renew(body, {
        salt: Math.floor(turn / REQUESTS) * 2_654_435,
        byMs: Math.floor((performance.now() - began) % 1e5),
      })
      const started = performance.now()
      const status = await post(agent, port, body)
      if (status !== 200) throw new Error(`the receiver answered ${status}: ${receiver.log()}`)
      times.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, send))
  const seconds = (performance.now() - began) / 1000
  agent.destroy()
  const { rows } = await store.pool.query<{ spans: string }>("select sum(spans) as spans from traces.chunk")
  const acknowledged = times.length * BATCH
  if (Number(rows[0]?.spans) !== acknowledged)
    throw new Error(`${acknowledged} spans were acknowledged, ${rows[0]?.spans} are stored`)
  const sorted = times.sort((a, b) => a - b)
  const at = (share: number) =>
    Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0)
  return {
    spansASecond: Math.round(acknowledged / seconds),
    answerMs: { p50: at(0.5), p99: at(0.99), max: at(1) },
    ...usageOf(receiver.pid, acknowledged),
  }
}

function post(agent: Agent, port: number, body: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-protobuf", "content-length": body.length }
    const options = { agent, port, host: "127.0.0.1", path: "/v1/traces", method: "POST", headers }
    const one = request(options, (response) => {
      response.resume().once("end", () => resolve(response.statusCode ?? 0))
    })
    one.once("error", reject)
    one.end(body)
  })
}

/** Ticks of CPU time a second, on every Linux that Node supports. */
const TICKS = 100

/** The most memory that the process and those below it held, and their CPU time a span. */
function usageOf(pid: number, spans: number): { rssMb: number; cpuUs: number } {
  const own = readFileSync(`/proc/${pid}/status`, "utf8")
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  const ticks = Number(fields[11]) + Number(fields[12])
  return {
    rssMb: Math.round(Number(/VmHWM:\s+(\d+)/.exec(own)?.[1]) / 1000),
    cpuUs: Number(((ticks / TICKS / spans) * 1e6).toFixed(1)),
  }
}

async function bytesOnDisk(store: Store): Promise<{ bytes: number; spans: number }> {
  const { rows } = await store.pool.query<{ bytes: string; spans: string }>(
    `select (select sum(pg_total_relation_size(c.oid)) from pg_class c
       where relnamespace = 'traces'::regnamespace and relkind in ('r', 'p')) as bytes,
       (select sum(spans) from traces.chunk) as spans`,
  )
  return { bytes: Number(rows[0]?.bytes), spans: Number(rows[0]?.spans) }
}

const ANY_TIME = { from: 0, to: Date.now() + 1e9 }
const FLOOR_MS = 10_000

function decodeOnly(requests: readonly Buffer[]): number {
  let spans = 0
  const began = performance.now()
  while (performance.now() - began < FLOOR_MS)
    for (const body of requests) spans += decodeRequest(body, ANY_TIME).spans
  return Math.round((spans / (performance.now() - began)) * 1000)
}

async function copyOnly(store: Store, requests: readonly Buffer[]): Promise<number> {
  const preparing = { dictionaries: new Dictionaries(store), nextId: chunkIds(store) }
  await makePartitions(store, [partitionOf(Date.now())])
  const prepared = []
  for (const body of requests) prepared.push(await prepare(body, decodeRequest(body, ANY_TIME), preparing))
  const client = await store.pool.connect()
  let spans = 0
  const began = performance.now()
  try {
    for (let i = 0; performance.now() - began < FLOOR_MS; i = (i + 16) % prepared.length) {
      const some = prepared.slice(i, i + 16)
      await client.query("begin")
      await copyRequests(client, some)
      await client.query("commit")
      spans += some.reduce((sum, one) => sum + one.spans, 0)
    }
  } finally {
    client.release()
  }
  return Math.round((spans / (performance.now() - began)) * 1000)
}

if (import.meta.main) await spans()
