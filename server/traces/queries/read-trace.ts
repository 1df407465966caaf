import type { Store } from "#server/store/index.ts"
import type { Span } from "../otlp/read.ts"
import { spansIn } from "../search/stored-span.ts"
import { readBodies } from "../storing/bodies.ts"
import { PARTITION_MS } from "../storing/partitions.ts"
import { MS_NS } from "../times.ts"
import { traceKey } from "../trace-key.ts"

const PARTITION_NS = BigInt(PARTITION_MS) * MS_NS
/** Spans of one trace that are read at most. */
const MAX_SPANS = 100_000
/** Bytes of them: a trace of some hundred spans may have as many as its senders like. */
const MAX_BYTES = 32 << 20
/** Chunks that are read at once. */
const AT_ONCE = 64

export interface StoredTrace {
  /** By start. */
  spans: Span[]
  /** True when there are more than are read. */
  isCut: boolean
}

/** All spans of a trace, each once, whatever its senders repeated. Empty when nothing of it is stored. */
export async function readTrace(store: Pick<Store, "pool">, traceId: Buffer): Promise<StoredTrace> {
  const { rows } = await store.pool.query<{ at: string; chunk_id: number }>(
    `select distinct at, chunk_id from traces.trace where trace = ${traceKey(traceId)} order by at`,
  )
  const keys = rows.map(({ at, chunk_id }) => ({ id: chunk_id, at: BigInt(at) }))
  const spans = new Map<string, Span>()
  let bytes = 0
  for (const inPartition of Map.groupBy(keys, ({ at }) => at / PARTITION_NS).values())
    for (let from = 0; from < inPartition.length; from += AT_ONCE)
      for await (const { data, service } of readBodies(store, inPartition.slice(from, from + AT_ONCE)))
        for (const stored of spansIn(data, service)) {
          if (!stored.head.traceId.equals(traceId)) continue
          bytes += stored.head.bytes.length
          if (spans.size === MAX_SPANS || bytes > MAX_BYTES)
            return { spans: byStart(spans.values()), isCut: true }
          const { span } = stored
          spans.set(`${span.spanId} ${span.startNs} ${span.kind}`, span)
        }
  return { spans: byStart(spans.values()), isCut: false }
}

function byStart(spans: Iterable<Span>): Span[] {
  return [...spans].sort((a, b) => Number(a.startNs - b.startNs))
}
