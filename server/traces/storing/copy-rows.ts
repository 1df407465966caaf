/*
 * PostgreSQL's binary COPY (postgresql.org/docs/current/sql-copy.html): "PGCOPY\n\377\r\n\0", two words of 32 bits that
 * are 0; for each row the number of its fields in 16 bits, and for each field its length in 32 bits and its bytes, big-
 * endian; then -1 in 16 bits.
 */
export const COPY_HEAD = Buffer.concat([Buffer.from("PGCOPY\n\xff\r\n\0", "latin1"), Buffer.alloc(8)])
export const COPY_END = Buffer.from([0xff, 0xff])

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

export const TRACE_COLUMNS = "traces.trace (at, trace, chunk_id)"
const TRACE_ROW_BYTES = 2 + 3 * 4 + 8 + 8 + 4

/** A row for each trace of a chunk. */
export function traceRows(at: bigint, chunkId: number, traces: Iterable<bigint>): Buffer {
  const all = [...traces]
  const rows = Buffer.allocUnsafe(all.length * TRACE_ROW_BYTES)
  let place = 0
  for (const trace of all) {
    place = rows.writeInt16BE(3, place)
    for (const value of [at, trace]) place = rows.writeBigInt64BE(value, rows.writeInt32BE(8, place))
    place = putInt32(rows, place, chunkId)
  }
  return rows
}

export interface ChunkRow {
  /** The first and the last start, ns. */
  at: bigint
  until: bigint
  longestNs: number
  id: number
  serviceId: number
  spans: number
  /** A bit for each status and kind that a span has. */
  statuses: number
  kinds: number
  filter: Buffer
  body: Buffer
}

/** A row of fields that are encoded already. */
export function binaryRow(fields: readonly Uint8Array[]): Buffer {
  const row = Buffer.allocUnsafe(2 + fields.reduce((sum, field) => sum + 4 + field.length, 0))
  let at = row.writeInt16BE(fields.length, 0)
  for (const field of fields) {
    at = row.writeInt32BE(field.length, at)
    row.set(field, at)
    at += field.length
  }
  return row
}

export function int8(value: bigint): Buffer {
  const bytes = Buffer.allocUnsafe(8)
  bytes.writeBigInt64BE(value)
  return bytes
}

export function int4(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(4)
  bytes.writeInt32BE(value)
  return bytes
}

export function int2(value: number): Buffer {
  const bytes = Buffer.allocUnsafe(2)
  bytes.writeInt16BE(value)
  return bytes
}

export const CHUNK_COLUMNS =
  "traces.chunk (at, until, longest_ns, id, service_id, spans, statuses, kinds, filter, body)"

export function chunkRow(chunk: ChunkRow): Buffer {
  const { filter, body } = chunk
  const row = Buffer.allocUnsafe(2 + 10 * 4 + 3 * 8 + 3 * 4 + 2 * 2 + filter.length + body.length)
  let at = row.writeInt16BE(10, 0)
  for (const time of [chunk.at, chunk.until]) at = row.writeBigInt64BE(time, row.writeInt32BE(8, at))
  at = putInt64(row, at, chunk.longestNs)
  for (const number of [chunk.id, chunk.serviceId, chunk.spans]) at = putInt32(row, at, number)
  for (const bits of [chunk.statuses, chunk.kinds]) at = putInt16(row, at, bits)
  at = putBytes(row, at, filter)
  putBytes(row, at, body)
  return row
}
