import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { zstdCompress } from "node:zlib"
import { CallCounts, type Counts } from "../calls/counts.ts"
import type { DecodedRequest } from "../otlp/decode.ts"
import type { ReceivedSpan } from "../otlp/received.ts"
import { toTracesData } from "../otlp/traces-data.ts"
import { traceKey } from "../trace-key.ts"
import { toChunks } from "./chunks.ts"
import { chunkRow, traceRows } from "./copy-rows.ts"
import { type DescribedChunk, describeChunk } from "./describe.ts"
import type { Dictionaries } from "./dictionaries.ts"

const compress = promisify(zstdCompress)

/** A request whose rows are made: nothing is left but to write them. */
export interface PreparedRequest {
  digest: Buffer
  /** The start of its first span, little-endian; the same whenever it is sent. */
  at: bigint
  /** Where the partitions of its spans begin, ms. */
  partitions: ReadonlySet<number>
  spans: number
  chunkRows: Buffer[]
  traceRows: Buffer[]
  counts: Counts
}

export interface Preparing {
  dictionaries: Dictionaries
  /** The next id of a chunk. */
  nextId: () => Promise<number>
}

/** Makes the rows of a request with at least one span. Asks the database for names that it has not seen. */
export async function prepare(
  body: Buffer,
  { resources, spans }: DecodedRequest,
  { dictionaries, nextId }: Preparing,
): Promise<PreparedRequest> {
  const chunks = toChunks(resources)
  const described = chunks.map(describeChunk)
  await dictionaries.learn(described)
  const counts = new CallCounts()
  // One after the other: each has a copy of its resources, and there may be many chunks.
  const rows: Awaited<ReturnType<typeof rowsOf>>[] = []
  for (const one of described) rows.push(await rowsOf(one, { id: await nextId(), dictionaries, counts }))
  const first = chunks[0]?.spans[0]
  return {
    digest: createHash("sha256").update(body).digest().subarray(0, 16),
    at: first?.start.readBigUInt64LE() ?? 0n,
    partitions: new Set(chunks.map((chunk) => chunk.partition)),
    spans,
    chunkRows: rows.map((row) => row.chunk),
    traceRows: rows.map((row) => row.traces),
    counts: counts.all(),
  }
}

async function rowsOf(
  { chunk, index, spans }: DescribedChunk,
  { id, dictionaries, counts }: { id: number; dictionaries: Dictionaries; counts: CallCounts },
): Promise<{ chunk: Buffer; traces: Buffer }> {
  const packed = compress(toTracesData(chunk.resources))
  const serviceId = dictionaries.names.service(chunk.service)
  for (const one of spans) counts.add(one.span, dictionaries.ids(one, serviceId))
  const extent = extentOf(chunk.spans)
  const traces = new Set(chunk.spans.map(({ traceId }) => traceKey(traceId)))
  const filter = index.toFilter()
  const row = { ...extent, id, serviceId, spans: spans.length, filter, body: await packed }
  return { chunk: chunkRow(row), traces: traceRows(extent.at, id, traces) }
}

interface Extent {
  at: bigint
  until: bigint
  longestNs: number
  statuses: number
  kinds: number
}

/** What a chunk's row says of its spans. */
function extentOf(spans: readonly ReceivedSpan[]): Extent {
  const at = spans[0]?.start.readBigUInt64LE() ?? 0n
  const extent: Extent = { at, until: at, longestNs: 0, statuses: 0, kinds: 0 }
  for (const { start: bytes, durationNs, status, kind } of spans) {
    const start = bytes.readBigUInt64LE()
    if (start < extent.at) extent.at = start
    if (start > extent.until) extent.until = start
    if (durationNs > extent.longestNs) extent.longestNs = durationNs
    extent.statuses |= 1 << status
    extent.kinds |= 1 << kind
  }
  return extent
}
