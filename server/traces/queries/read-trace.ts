import type { Store } from "#server/store/index.ts"
import type { Span } from "../otlp/span.ts"
import { type StoredSpan, spansIn } from "../search/stored-span.ts"
import { readBodies } from "../storing/bodies.ts"
import { PARTITION_MS } from "../storing/partitions.ts"
import { MS_NS } from "../times.ts"
import { traceKey } from "../trace-key.ts"

const PARTITION_NS = BigInt(PARTITION_MS) * MS_NS
/** Spans of one trace that are read at most. */
export const MAX_SPANS = 100_000
/** Bytes of them: a trace of some hundred spans may have as many as its senders like. */
const MAX_BYTES = 32 << 20
/** The same where only views of them are kept. */
export const MAX_VIEWED_BYTES = 128 << 20
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
  const spans: Span[] = []
  let isCut = false
  for await (const stored of spansOfTrace(store, traceId)) {
    isCut = stored === "cut"
    if (stored !== "cut") spans.push(stored.span)
  }
  return { spans: spans.sort((a, b) => Number(a.startNs - b.startNs)), isCut }
}

/** The same one after the other, as they are stored; at last "cut" when there are more. */
export async function* spansOfTrace(
  store: Pick<Store, "pool">,
  traceId: Buffer,
  most = MAX_BYTES,
): AsyncGenerator<StoredSpan | "cut"> {
  const { rows } = await store.pool.query<{ at: string; chunk_id: number }>(
    `select distinct at, chunk_id from traces.trace where trace = ${traceKey(traceId)} order by at`,
  )
  const keys = rows.map(({ at, chunk_id }) => ({ id: chunk_id, at: BigInt(at) }))
  const seen = new Set<string>()
  let bytes = 0
  for (const inPartition of Map.groupBy(keys, ({ at }) => at / PARTITION_NS).values())
    for (let from = 0; from < inPartition.length; from += AT_ONCE)
      for await (const { data, service } of readBodies(store, inPartition.slice(from, from + AT_ONCE)))
        for (const stored of spansIn(data, service)) {
          const { head, startNs } = stored
          if (!head.traceId.equals(traceId)) continue
          bytes += head.bytes.length
          const key = `${head.spanId.toString("hex")} ${startNs} ${head.kind}`
          if (seen.has(key)) continue
          if (seen.size === MAX_SPANS || bytes > most) {
            yield "cut"
            return
          }
          seen.add(key)
          yield stored
        }
}
