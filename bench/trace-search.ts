import { startPostgres } from "#scripts/stack/postgres.ts"
import { migrate, openStore, type Store } from "#server/store/index.ts"
import { decodeRequest } from "#server/traces/otlp/decode.ts"
import { readTrace } from "#server/traces/queries/read-trace.ts"
import { search, searchInput } from "#server/traces/search/search.ts"
import { Dictionaries } from "#server/traces/storing/dictionaries.ts"
import { chunkIds } from "#server/traces/storing/ids.ts"
import { makePartitions } from "#server/traces/storing/partitions.ts"
import { type PreparedRequest, prepare } from "#server/traces/storing/prepare.ts"
import { writeRequests } from "#server/traces/storing/write.ts"
import { renew, SPANS, shopRequests } from "./spans-world.ts"

const ALL = Number(process.env.BENCH_SPANS ?? 20_000_000)
const BATCH = 512
const REQUESTS = 256
const ORDER_SPANS = 13
const DAY_MS = 86_400_000
/** Of each question, after one that is not counted. */
const TURNS = 7

interface Question {
  name: string
  target: number | null
  ask: (store: Store, turn: number) => Promise<number>
}

/**
 * How long searches take in a day of spans, written by the receiver's own code: 20 million unless BENCH_SPANS says otherwise.
 * Warm: the median of seven, after one. Cold: the first after PostgreSQL was started anew; the system's file cache is kept.
 */
export default async function traceSearch(): Promise<void> {
  await using postgres = await startPostgres({
    config: { shared_buffers: "512MB", max_wal_size: "4GB", synchronous_commit: "off" },
  })
  const url = await postgres.createDatabase()
  await migrate(url)
  const from = Date.now() - DAY_MS
  const { seconds, traceIds } = await fill(url, from)
  await using store = openStore(url, { max: 2 })
  await store.pool.query("vacuum analyze")
  const facts = await sizeOf(store)
  const questions = questionsOf(from, traceIds)
  const rows: Record<string, { targetMs: number | null; warmMs: number; coldMs: number; found: number }> = {}
  const cold = new Map<string, number>()
  for (const question of questions) {
    await postgres.stop()
    await postgres.start()
    await store.pool.query("select 1").catch(() => undefined)
    await store.pool.query("select count(*) from traces.service")
    const began = performance.now()
    await question.ask(store, 0)
    cold.set(question.name, round(performance.now() - began))
  }
  for (const { name, target, ask } of questions) {
    await ask(store, 0)
    const times: number[] = []
    let found = 0
    for (let turn = 1; turn <= TURNS; turn++) {
      const began = performance.now()
      found = await ask(store, turn)
      times.push(performance.now() - began)
    }
    times.sort((a, b) => a - b)
    const warmMs = round(times[Math.floor(TURNS / 2)] ?? 0)
    rows[name] = { targetMs: target, warmMs, coldMs: cold.get(name) ?? 0, found }
  }
  console.log(`\n${SPANS}.`)
  console.table(rows)
  console.log(
    JSON.stringify({ bench: "trace-search", ...facts, fillSeconds: Math.round(seconds), questions: rows }),
  )
}

/** Writes the day's spans; returns the ids of some traces. */
async function fill(url: string, from: number): Promise<{ seconds: number; traceIds: Buffer[] }> {
  await using store = openStore(url, { max: 4 })
  const rounds = Math.max(1, Math.round(ALL / (REQUESTS * BATCH)))
  const everyNs = BigInt(Math.floor((DAY_MS * 1e6) / (ALL / ORDER_SPANS)))
  const requests = shopRequests(REQUESTS, BATCH, { atMs: from, everyNs })
  const wholeMs = Math.floor(DAY_MS / rounds)
  const preparing = { dictionaries: new Dictionaries(store), nextId: chunkIds(store) }
  await makePartitions(
    store,
    Array.from({ length: 6 }, (_, i) => Math.floor(from / 21_600_000) * 21_600_000 + i * 21_600_000),
  )
  const any = { from: 0, to: Date.now() + 1e9 }
  const traceIds: Buffer[] = []
  const began = performance.now()
  let writing: Promise<void> = Promise.resolve()
  for (let turn = 0; turn < rounds; turn++) {
    for (let at = 0; at < REQUESTS; at += 32) {
      const prepared: PreparedRequest[] = []
      for (const request of requests.slice(at, at + 32)) {
        const body = Buffer.from(request)
        renew(body, { salt: turn * 2_654_435, byMs: turn * wholeMs })
        const decoded = decodeRequest(body, any)
        const first = decoded.resources[0]?.scopes[0]?.spans[0]
        if (first && at === 0) traceIds.push(first.traceId)
        prepared.push(await prepare(body, decoded, preparing))
      }
      await writing
      writing = writeRequests(store, prepared)
    }
  }
  await writing
  return { seconds: (performance.now() - began) / 1000, traceIds }
}

function questionsOf(from: number, traceIds: readonly Buffer[]): Question[] {
  const to = from + DAY_MS
  const of = (q: string, more: object = {}) => searchInput.parse({ q, from, to, ...more })
  const ask =
    (q: (turn: number) => string, more: object = {}) =>
    async (store: Store, turn: number) =>
      (await search({ store }, of(q(turn), more))).hits.length
  const hour = { from: from + DAY_MS / 2, to: from + DAY_MS / 2 + 3_600_000 }
  return [
    {
      name: "trace by id",
      target: 30,
      ask: async (store, turn) => {
        const id = traceIds[(turn * 37) % traceIds.length] ?? Buffer.alloc(16)
        return (await readTrace(store, id)).spans.length
      },
    },
    { name: "service", target: 50, ask: ask(() => '{ resource.service.name = "payments" }') },
    {
      name: "service, operation, duration",
      target: 50,
      ask: ask(() => '{ resource.service.name = "orders" && name = "send orders" && duration > 100ms }'),
    },
    {
      name: "errors of a service in an hour",
      target: 50,
      ask: ask(() => '{ resource.service.name = "payments" && status = error }', hour),
    },
    {
      name: "slowest of a service",
      target: 50,
      ask: ask(() => '{ resource.service.name = "orders" }', { order: "slowest" }),
    },
    { name: "duration that nothing has", target: 50, ask: ask(() => "{ duration > 1h }") },
    {
      name: "service and attribute, found",
      target: 300,
      ask: ask(() => '{ resource.service.name = "gateway" && span.http.response.status_code = 502 }'),
    },
    {
      name: "service and attribute, nowhere",
      target: 300,
      ask: ask((turn) => `{ resource.service.name = "gateway" && span.client.address = "192.0.2.${turn}" }`),
    },
    {
      name: "attribute of any service, nowhere",
      target: null,
      ask: ask((turn) => `{ .order.id = "none-${turn}" }`),
    },
  ]
}

async function sizeOf(store: Store): Promise<{ spans: number; chunks: number; bytesASpan: number }> {
  const { rows } = await store.pool.query<{ spans: string; chunks: string; bytes: string }>(
    `select sum(spans) as spans, count(*) as chunks,
       (select sum(pg_total_relation_size(c.oid)) from pg_class c
        where relnamespace = 'traces'::regnamespace and relkind = 'r') as bytes from traces.chunk`,
  )
  const spans = Number(rows[0]?.spans)
  return { spans, chunks: Number(rows[0]?.chunks), bytesASpan: round(Number(rows[0]?.bytes) / spans) }
}

function round(number: number): number {
  return Math.round(number * 10) / 10
}

if (import.meta.main) await traceSearch()
