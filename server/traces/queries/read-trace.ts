import { promisify } from "node:util"
import { zstdDecompress } from "node:zlib"
import type { Store } from "#server/store/index.ts"
import { readSpans, type Span } from "../otlp/read.ts"
import { PARTITION_MS } from "../storing/partitions.ts"

const decompress = promisify(zstdDecompress)
const PARTITION_NS = BigInt(PARTITION_MS) * 1_000_000n
/** Spans of one trace that are read at most. */
const MOST_SPANS = 100_000

export interface StoredTrace {
  /** By start. */
  spans: Span[]
  /** True when there are more than are read. */
  isCut: boolean
}

/** All spans of a trace, each once, whatever its senders repeated. Empty when nothing of it is stored. */
export async function readTrace(store: Pick<Store, "pool">, traceId: Buffer): Promise<StoredTrace> {
  const { rows } = await store.pool.query<{ start_ns: string; chunk_id: number; ordinal: number }>(
    "select start_ns, chunk_id, ordinal from traces.span where trace_id = $1 order by start_ns limit $2",
    [traceId, MOST_SPANS + 1],
  )
  const isCut = rows.length > MOST_SPANS
  const wanted = Map.groupBy(rows.slice(0, MOST_SPANS), (row) => BigInt(row.start_ns) / PARTITION_NS)
  const spans = new Map<string, Span>()
  for (const [partition, places] of wanted) {
    const ordinals = Map.groupBy(places, (place) => place.chunk_id)
    const { rows: chunks } = await store.pool.query<{ id: number; body: Buffer }>(
      "select id, body from traces.chunk where id = any($1) and at >= $2 and at < $3",
      [[...ordinals.keys()], String(partition * PARTITION_NS), String((partition + 1n) * PARTITION_NS)],
    )
    for (const { id, body } of chunks) {
      const all = readSpans(await decompress(body))
      for (const { ordinal } of ordinals.get(id) ?? []) {
        const span = all[ordinal]
        if (span) spans.set(`${span.spanId} ${span.startNs} ${span.kind}`, span)
      }
    }
  }
  const ordered = [...spans.values()].sort((a, b) => Number(a.startNs - b.startNs))
  return { spans: ordered, isCut }
}
