import { BYTES, Cursor } from "./cursor.ts"

const NOTHING = Buffer.alloc(0)

/** The message in field 1 where that comes first, as we write it: the resource of ResourceSpans, the scope of ScopeSpans. */
export function firstField(message: Buffer): Buffer {
  const cursor = new Cursor(message)
  if (!cursor.next() || cursor.field !== 1 || cursor.wire !== BYTES) return NOTHING
  cursor.bytes()
  return message.subarray(cursor.from, cursor.to)
}
