import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { zstdCompress } from "node:zlib"
import { CallCounts, type Calls } from "../calls/counts.ts"
import type { DecodedRequest } from "../otlp/decode.ts"
import { firstField } from "../otlp/first-field.ts"
import type { ReceivedSpan } from "../otlp/received.ts"
import { toTracesData } from "../otlp/traces-data.ts"
import { ChunkIndex } from "../search/chunk-index.ts"
import type { AttributeKeys } from "./attribute-keys.ts"
import { type Chunk, toChunks } from "./chunks.ts"
import { chunkRow, traceRows } from "./copy-rows.ts"
import type { Names, OperationName } from "./names.ts"

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
  calls: Calls[]
}

export interface Preparing {
  names: Names
  attributes: AttributeKeys
  /** The next id of a chunk. */
  nextId: () => Promise<number>
}

/** Makes the rows of a request with at least one span. Asks the database for names that it has not seen. */
export async function prepare(
  body: Buffer,
  { resources, spans }: DecodedRequest,
  { names, attributes, nextId }: Preparing,
): Promise<PreparedRequest> {
  const chunks = toChunks(resources)
  await names.learn(operations(chunks))
  const counts = new CallCounts()
  const rows = await Promise.all(
    chunks.map(async (chunk) => rowsOf(chunk, { id: await nextId(), names, attributes, counts })),
  )
  const first = chunks[0]?.spans[0]
  return {
    digest: createHash("sha256").update(body).digest().subarray(0, 16),
    at: first?.start.readBigUInt64LE() ?? 0n,
    partitions: new Set(chunks.map((chunk) => chunk.partition)),
    spans,
    chunkRows: rows.map((row) => row.chunk),
    traceRows: rows.map((row) => row.traces),
    calls: counts.all(),
  }
}

function* operations(chunks: readonly Chunk[]): Generator<OperationName> {
  const seen = new Set<string>()
  for (const { service, spans } of chunks)
    for (const { kind, name } of spans) {
      const key = `${kind}${name}\0${service}`
      if (!seen.has(key)) yield { service, kind, name }
      seen.add(key)
    }
}

async function rowsOf(
  chunk: Chunk,
  { id, names, attributes, counts }: Omit<Preparing, "nextId"> & { id: number; counts: CallCounts },
): Promise<{ chunk: Buffer; traces: Buffer }> {
  const packed = compress(toTracesData(chunk.resources))
  const serviceId = names.service(chunk.service)
  for (const span of chunk.spans) counts.add(names.operation(serviceId, span.kind, span.name), span)
  const index = indexOf(chunk)
  await attributes.learn(serviceId, index.keys)
  const extent = extentOf(chunk.spans)
  const traces = new Set(chunk.spans.map(({ traceId }) => traceId.readBigInt64BE(8)))
  const row = {
    ...extent,
    id,
    serviceId,
    spans: chunk.spans.length,
    filter: index.toFilter(),
    body: await packed,
  }
  return { chunk: chunkRow(row), traces: traceRows(extent.at, id, traces) }
}

/** What a chunk can be searched by. */
function indexOf({ resources }: Chunk): ChunkIndex {
  const index = new ChunkIndex()
  for (const { head, scopes } of resources) {
    index.addAttributes(firstField(head), 1, "resource")
    for (const scope of scopes) {
      index.addAttributes(firstField(scope.head), 3, "instrumentation")
      for (const span of scope.spans) index.addSpan(span)
    }
  }
  return index
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
