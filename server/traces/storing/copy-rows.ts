/*
 * PostgreSQL's binary COPY (postgresql.org/docs/current/sql-copy.html): "PGCOPY\n\377\r\n\0", two words of 32 bits that
 * are 0; for each row the number of its fields in 16 bits, and for each field its length in 32 bits and its bytes, big-
 * endian; then -1 in 16 bits.
 */
export const COPY_HEAD = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)])
export const COPY_END = Buffer.from([0xff, 0xff])

/** A field of eight bytes, from the eight little-endian bytes of OTLP's times. */
function putReversed(row: Buffer, at: number, bytes: Buffer): number {
  row.writeInt32BE(8, at)
  for (let i = 0; i < 8; i++) row[at + 4 + i] = bytes[7 - i] ?? 0
  return at + 12
}

function putInt64(row: Buffer, at: number, value: number): number {
  row.writeInt32BE(8, at)
  row.writeInt32BE(Math.floor(value / 2 ** 32), at + 4)
  row.writeUInt32BE(value % 2 ** 32, at + 8)
  return at + 12
}

function putInt32(row: Buffer, at: number, value: number): number {
  row.writeInt32BE(4, at)
  return row.writeInt32BE(value, at + 4)
}

function putInt16(row: Buffer, at: number, value: number): number {
  row.writeInt32BE(2, at)
  return row.writeInt16BE(value, at + 4)
}

function putBytes(row: Buffer, at: number, bytes: Buffer): number {
  row.writeInt32BE(bytes.length, at)
  row.set(bytes, at + 4)
  return at + 4 + bytes.length
}

export interface SpanRow {
  start: Buffer
  durationNs: number
  chunkId: number
  operationId: number
  ordinal: number
  status: number
  isRoot: boolean
  traceId: Buffer
}

export const SPAN_COLUMNS =
  "traces.span (start_ns, duration_ns, chunk_id, operation_id, ordinal, status, root, trace_id)"
/** Of one row. */
export const SPAN_ROW_BYTES = 2 + 8 * 4 + 8 + 8 + 4 + 4 + 2 + 2 + 1 + 16

/** Writes a row at a place; returns where the next begins. */
export function putSpan(rows: Buffer, place: number, span: SpanRow): number {
  let at = rows.writeInt16BE(8, place)
  at = putReversed(rows, at, span.start)
  at = putInt64(rows, at, span.durationNs)
  at = putInt32(rows, at, span.chunkId)
  at = putInt32(rows, at, span.operationId)
  at = putInt16(rows, at, span.ordinal)
  at = putInt16(rows, at, span.status)
  at = rows.writeUInt8(span.isRoot ? 1 : 0, rows.writeInt32BE(1, at))
  return putBytes(rows, at, span.traceId)
}

export interface ChunkRow {
  /** The first and the last start, ns. */
  at: bigint
  until: bigint
  id: number
  serviceId: number
  spans: number
  body: Buffer
}

export interface CallsRow {
  /** ms. */
  minute: number
  slowestNs: number
  operationId: number
  status: number
  slowestTrace: Buffer
  sketch: Buffer
}

export const CALLS_COLUMNS = "traces.calls (at, slowest_ns, operation_id, status, slowest_trace, sketch)"

export function callsRow(calls: CallsRow): Buffer {
  const row = Buffer.allocUnsafe(2 + 6 * 4 + 8 + 8 + 4 + 2 + calls.slowestTrace.length + calls.sketch.length)
  let at = row.writeInt16BE(6, 0)
  at = row.writeBigInt64BE(BigInt(calls.minute) * 1_000_000n, row.writeInt32BE(8, at))
  at = putInt64(row, at, calls.slowestNs)
  at = putInt32(row, at, calls.operationId)
  at = putInt16(row, at, calls.status)
  at = putBytes(row, at, calls.slowestTrace)
  putBytes(row, at, calls.sketch)
  return row
}

export const CHUNK_COLUMNS = "traces.chunk (at, until, id, service_id, spans, body)"

export function chunkRow(chunk: ChunkRow): Buffer {
  const row = Buffer.allocUnsafe(2 + 6 * 4 + 8 + 8 + 4 + 4 + 4 + chunk.body.length)
  let at = row.writeInt16BE(6, 0)
  for (const time of [chunk.at, chunk.until]) at = row.writeBigInt64BE(time, row.writeInt32BE(8, at))
  at = putInt32(row, at, chunk.id)
  at = putInt32(row, at, chunk.serviceId)
  at = putInt32(row, at, chunk.spans)
  putBytes(row, at, chunk.body)
  return row
}
