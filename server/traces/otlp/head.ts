import { BYTES, Cursor, FIXED64, VARINT } from "./cursor.ts"

const NO_BYTES = Buffer.alloc(0)
const NO_TIME = Buffer.alloc(8)

/** What is read of a span first: neither attributes nor events nor links. */
export interface SpanHead {
  bytes: Buffer
  traceId: Buffer
  spanId: Buffer
  parentId: Buffer
  name: string
  kind: number
  status: number
  /** Of eight bytes, little-endian: nanoseconds since the epoch. */
  start: Buffer
  end: Buffer
}

/** The head of a span whose form `fits` has checked. */
export function readHead(cursor: Cursor, from: number, to: number): SpanHead {
  const { buffer } = cursor
  const span: SpanHead = {
    bytes: buffer.subarray(from, to),
    traceId: NO_BYTES,
    spanId: NO_BYTES,
    parentId: NO_BYTES,
    name: "",
    kind: 0,
    status: 0,
    start: NO_TIME,
    end: NO_TIME,
  }
  cursor.at = from
  cursor.end = to
  while (cursor.next()) {
    switch (cursor.wire) {
      case BYTES:
        cursor.bytes()
        readBytes(span, cursor)
        break
      case FIXED64: {
        const at = cursor.fixed(8)
        if (cursor.field === 7) span.start = buffer.subarray(at, at + 8)
        else if (cursor.field === 8) span.end = buffer.subarray(at, at + 8)
        break
      }
      case VARINT: {
        const value = cursor.varint()
        if (cursor.field === 6) span.kind = value
        break
      }
      default:
        cursor.skip()
    }
  }
  return span
}

function readBytes(span: SpanHead, { buffer, field, from, to }: Cursor): void {
  if (field === 1) span.traceId = buffer.subarray(from, to)
  else if (field === 2) span.spanId = buffer.subarray(from, to)
  else if (field === 4) span.parentId = buffer.subarray(from, to)
  else if (field === 5) span.name = buffer.toString("utf8", from, to)
  else if (field === 15) {
    for (const status = new Cursor(buffer, from, to); status.next(); )
      if (status.field === 3) span.status = status.varint()
      else status.skip()
  }
}

const HIGH = 2 ** 32

/** Whole ms, rounded down; exact, since 2^32 ns are 4294.967296 ms. */
export function msOf(time: Buffer): number {
  const high = time.readUInt32LE(4)
  return high * 4294 + Math.floor((high * 967_296 + time.readUInt32LE(0)) / 1e6)
}

/** Exact below 2^53: the halves are subtracted apart. */
export function nanosecondsBetween(start: Buffer, end: Buffer): number {
  return (end.readUInt32LE(4) - start.readUInt32LE(4)) * HIGH + (end.readUInt32LE(0) - start.readUInt32LE(0))
}
