import { LIMITS } from "../limits.ts"
import { BYTES, Cursor, FIXED64, VARINT } from "./cursor.ts"
import type { Shape } from "./shapes.ts"

/**
 * Walks the message that the cursor has found, without making anything of it. Throws a DomainError when it is no valid
 * protobuf or not of that shape; returns whether all of it is within the limits.
 */
export function fits(cursor: Cursor, shape: Shape): boolean {
  const { end, from, to } = cursor
  cursor.at = from
  cursor.end = to
  const { attributes } = shape
  let within = true
  let count = 0
  while (cursor.next()) {
    const { field } = cursor
    const wire = shape.wires[field]
    if (wire !== undefined && cursor.wire !== wire) cursor.expect(wire, shape.name)
    if (wire !== BYTES) {
      cursor.skip()
      continue
    }
    cursor.bytes()
    if (field === attributes?.field) {
      count++
      const { at } = cursor
      if (!keyValueFits(cursor, 1)) within = false
      cursor.at = at
    } else if (!othersFit(cursor, shape, field)) within = false
  }
  if (attributes && count > attributes.most) within = false
  // Counted only where there are any: most spans have neither events nor links.
  for (const list of shape.lists)
    if (within && tooMany(new Cursor(cursor.buffer, from, to), list)) within = false
  cursor.at = to
  cursor.end = end
  return within
}

function othersFit(cursor: Cursor, shape: Shape, field: number): boolean {
  if (shape.texts.includes(field)) return cursor.to - cursor.from <= LIMITS.valueBytes
  const inner =
    shape.lists.find((list) => list.field === field) ?? shape.inner.find((one) => one.field === field)
  return !inner || fits(cursor, inner.shape)
}

function tooMany(cursor: Cursor, list: { field: number; most: number }): boolean {
  if (cursor.to - cursor.from < list.most) return false
  let count = 0
  for (; cursor.next(); cursor.skip()) if (cursor.field === list.field) count++
  return count > list.most
}

/** Whether a KeyValue (key = 1, value = 2) is within the limits. */
export function keyValueFits(cursor: Cursor, depth: number): boolean {
  const { end, from, to } = cursor
  cursor.at = from
  cursor.end = to
  let within = true
  while (cursor.next()) {
    if (cursor.field > 2) {
      cursor.skip()
      continue
    }
    cursor.expect(BYTES, cursor.field === 1 ? "attribute key" : "attribute value")
    cursor.bytes()
    if (cursor.field === 1) {
      if (cursor.to - cursor.from > LIMITS.keyBytes) within = false
    } else {
      const { at } = cursor
      if (!valueFits(cursor, depth)) within = false
      cursor.at = at
    }
  }
  cursor.at = to
  cursor.end = end
  return within
}

/** AnyValue: 1 text, 2 bool, 3 int, 4 double, 5 list, 6 map, 7 bytes. */
const VALUE_WIRES = [undefined, BYTES, VARINT, VARINT, FIXED64, BYTES, BYTES, BYTES]

function valueFits(cursor: Cursor, depth: number): boolean {
  const { end, from, to } = cursor
  cursor.at = from
  cursor.end = to
  let within = to - from <= LIMITS.valueBytes + 16
  while (cursor.next()) {
    const { field } = cursor
    const wire = VALUE_WIRES[field]
    if (wire !== undefined) cursor.expect(wire, "value")
    if (wire !== BYTES) {
      cursor.skip()
      continue
    }
    cursor.bytes()
    if (field !== 5 && field !== 6) {
      if (cursor.to - cursor.from > LIMITS.valueBytes) within = false
      continue
    }
    const { at } = cursor
    // What lies deeper than the limit is not looked at: it is dropped as a whole.
    if (depth >= LIMITS.depth || !membersFit(cursor, { isMap: field === 6, depth: depth + 1 })) within = false
    cursor.at = at
  }
  cursor.at = to
  cursor.end = end
  return within
}

/** The members (field 1) of a list or a map. */
function membersFit(cursor: Cursor, { isMap, depth }: { isMap: boolean; depth: number }): boolean {
  const { end, from, to } = cursor
  cursor.at = from
  cursor.end = to
  let within = true
  while (cursor.next()) {
    if (cursor.field !== 1) {
      cursor.skip()
      continue
    }
    cursor.expect(BYTES, "member of a list or map")
    cursor.bytes()
    const { at } = cursor
    const memberFits = isMap ? keyValueFits : valueFits
    if (!memberFits(cursor, depth)) within = false
    cursor.at = at
  }
  cursor.at = to
  cursor.end = end
  return within
}
