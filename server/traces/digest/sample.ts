import type { Store } from "#server/store/index.ts"
import { spansIn } from "../search/stored-span.ts"
import { type ChunkKey, readBodies } from "../storing/bodies.ts"
import { SLOT_MS } from "../storing/partitions.ts"
import { MS_NS } from "../times.ts"
import { traceKey } from "../trace-key.ts"
import { type TraceSpan, toTraceSpan } from "./trace-span.ts"

const MINUTE_NS = 60_000n * MS_NS
const SLOT_NS = BigInt(SLOT_MS) * MS_NS
/** Chunks in which roots are looked for, traces, and chunks that these may be in. */
const ROOT_CHUNKS = 24
const MAX_TRACES = 300
const MAX_CHUNKS = 400
const AT_ONCE = 16

type Pool = Pick<Store, "pool">

/** Some whole traces whose root began in a minute, by chance: each is as likely as the others. */
export async function sampleTraces(store: Pool, minute: number): Promise<TraceSpan[][]> {
  const from = BigInt(minute) * MS_NS
  const wanted = await chooseTraces(store, from)
  const spans = new Map<string, TraceSpan[]>([...wanted.ids].map((id) => [id, []]))
  for (let i = 0; i < wanted.chunks.length; i += AT_ONCE)
    for await (const { data, service } of readBodies(store, wanted.chunks.slice(i, i + AT_ONCE)))
      for (const stored of spansIn(data, service))
        spans.get(stored.head.traceId.toString("hex"))?.push(toTraceSpan(stored))
  return [...spans.values()].map(once)
}

/** Each span once, whatever its senders repeated. */
function once(spans: readonly TraceSpan[]): TraceSpan[] {
  return [...new Map(spans.map((span) => [`${span.spanId} ${span.kind}`, span])).values()]
}

async function chooseTraces(store: Pool, from: bigint): Promise<{ ids: Set<string>; chunks: ChunkKey[] }> {
  const { rows } = await store.pool.query<{ id: number; at: string }>(
    `select id, at from traces.chunk
     where at >= ${from - SLOT_NS} and at < ${from + MINUTE_NS} and until >= ${from} and until < ${from + MINUTE_NS + SLOT_NS}
     order by random() limit ${ROOT_CHUNKS}`,
  )
  const roots = new Map<string, bigint>()
  for await (const { data, service } of readBodies(store, rows.map(keyOf)))
    for (const { head, isRoot, startNs } of spansIn(data, service))
      if (isRoot && startNs >= from && startNs < from + MINUTE_NS && roots.size < MAX_TRACES)
        roots.set(head.traceId.toString("hex"), traceKey(head.traceId))
  const places = await store.pool.query<{ trace: string; id: number; at: string }>(
    "select distinct trace, chunk_id as id, at from traces.trace where trace = any($1)",
    [[...roots.values()].map(String)],
  )
  const byTrace = Map.groupBy(places.rows, (row) => row.trace)
  const ids = new Set<string>()
  const chunks = new Map<string, ChunkKey>()
  for (const [id, key] of roots) {
    if (chunks.size >= MAX_CHUNKS) break
    ids.add(id)
    for (const row of byTrace.get(String(key)) ?? []) chunks.set(`${row.id} ${row.at}`, keyOf(row))
  }
  // By time, so that those of one partition are read together.
  return { ids, chunks: [...chunks.values()].sort((a, b) => (a.at < b.at ? -1 : 1)) }
}

function keyOf({ id, at }: { id: number; at: string }): ChunkKey {
  return { id, at: BigInt(at) }
}
