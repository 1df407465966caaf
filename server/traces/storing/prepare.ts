import { createHash } from "node:crypto"
import { promisify } from "node:util"
import { zstdCompress } from "node:zlib"
import { CallCounts, type Calls } from "../calls/counts.ts"
import type { DecodedRequest } from "../otlp/decode.ts"
import type { ReceivedSpan } from "../otlp/received.ts"
import { toTracesData } from "../otlp/traces-data.ts"
import { type Chunk, toChunks } from "./chunks.ts"
import { chunkRow, putSpan, SPAN_ROW_BYTES } from "./copy-rows.ts"
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
  spanRows: Buffer[]
  calls: Calls[]
}

export interface Preparing {
  names: Names
  /** The next id of a chunk. */
  nextId: () => Promise<number>
}

/** Makes the rows of a request with at least one span. Asks the database for names that it has not seen. */
export async function prepare(
  body: Buffer,
  { resources, spans }: DecodedRequest,
  { names, nextId }: Preparing,
): Promise<PreparedRequest> {
  const chunks = toChunks(resources)
  await names.learn(operations(chunks))
  const counts = new CallCounts()
  const rows = await Promise.all(
    chunks.map(async (chunk) => rowsOf(chunk, { id: await nextId(), names, counts })),
  )
  const first = chunks[0]?.spans[0]
  return {
    digest: createHash("sha256").update(body).digest().subarray(0, 16),
    at: first?.start.readBigUInt64LE() ?? 0n,
    partitions: new Set(chunks.map((chunk) => chunk.partition)),
    spans,
    chunkRows: rows.map((row) => row.chunk),
    spanRows: rows.map((row) => row.spans),
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
  { id, names, counts }: { id: number; names: Names; counts: CallCounts },
): Promise<{ chunk: Buffer; spans: Buffer }> {
  const body = await compress(toTracesData(chunk.resources))
  const serviceId = names.service(chunk.service)
  const spans = Buffer.allocUnsafe(chunk.spans.length * SPAN_ROW_BYTES)
  let at = 0
  for (const [ordinal, span] of chunk.spans.entries()) {
    const operationId = names.operation(serviceId, span.kind, span.name)
    counts.add(operationId, span)
    at = putSpan(spans, at, { ...span, chunkId: id, operationId, ordinal })
  }
  const { from, until } = extent(chunk.spans)
  return { chunk: chunkRow({ at: from, until, id, serviceId, spans: chunk.spans.length, body }), spans }
}

/** The first and the last start. */
function extent(spans: readonly ReceivedSpan[]): { from: bigint; until: bigint } {
  let from = spans[0]?.start.readBigUInt64LE() ?? 0n
  let until = from
  for (const span of spans) {
    const start = span.start.readBigUInt64LE()
    if (start < from) from = start
    if (start > until) until = start
  }
  return { from, until }
}
