import { type Cuts, LIMITS, noCuts, sayCuts } from "../limits.ts"
import { BYTES, Cursor } from "./cursor.ts"
import { keyValueFits } from "./fits.ts"
import { type Shape, SPAN } from "./shapes.ts"
import { Writer } from "./writer.ts"

/** The attribute that says what was cut of a span. */
export const CUT_KEY = "signalbox.cut"

/**
 * A message that `fits` found too large, written again within the limits. What is dropped is added to OTLP's own dropped
 * counts and to `cuts`; a span gets an attribute that says so.
 */
export function cut(message: Buffer, shape: Shape, cuts: Cuts): Buffer {
  const own = noCuts()
  const writer = new Writer(Math.min(message.length, LIMITS.valueBytes * 4))
  write(writer, { message, shape }, own)
  if (shape === SPAN)
    writer.bytes(
      9,
      new Writer()
        .text(1, CUT_KEY)
        .bytes(2, new Writer().text(1, sayCuts(own)).finish())
        .finish(),
    )
  cuts.attributes += own.attributes
  cuts.values += own.values
  cuts.events += own.events
  cuts.links += own.links
  return writer.finish()
}

interface List {
  field: number
  dropped: number
  most: number
  /** None for attributes. */
  shape?: Shape
  cut: "attributes" | "events" | "links"
}

function write(writer: Writer, { message, shape }: { message: Buffer; shape: Shape }, cuts: Cuts): void {
  const counts = new Map<number, number>()
  const dropped = new Map<number, number>()
  const add = (map: Map<number, number>, key: number, by = 1) => map.set(key, (map.get(key) ?? 0) + by)
  const cursor = new Cursor(message)
  const lists: List[] = [...shape.lists]
  if (shape.attributes) lists.push({ ...shape.attributes, cut: "attributes" })
  for (let start = 0; cursor.next(); start = cursor.at) {
    const { field } = cursor
    if (lists.some((list) => list.dropped === field)) {
      add(dropped, field, cursor.varint())
      continue
    }
    cursor.skip()
    if (cursor.wire !== BYTES) {
      writer.raw(message.subarray(start, cursor.at))
      continue
    }
    const value = message.subarray(cursor.from, cursor.to)
    const list = lists.find((one) => one.field === field)
    if (!list) {
      writer.bytes(field, single(value, { shape, field }, cuts))
      continue
    }
    const full = (counts.get(field) ?? 0) >= list.most
    const kept = full ? null : list.shape ? whole(value, list.shape, cuts) : attribute(value, cuts)
    if (kept) {
      add(counts, field)
      writer.bytes(field, kept)
    } else {
      add(dropped, list.dropped)
      cuts[list.cut]++
    }
  }
  for (const [field, count] of dropped) if (count > 0) writer.varint(field, count)
}

function whole(value: Buffer, shape: Shape, cuts: Cuts): Buffer {
  const writer = new Writer(value.length)
  write(writer, { message: value, shape }, cuts)
  return writer.finish()
}

/** A text within the limit, a message within by its own rules, or the bytes as they are. */
function single(value: Buffer, of: { shape: Shape; field: number }, cuts: Cuts): Buffer {
  const inner = of.shape.inner.find((one) => one.field === of.field)
  if (inner) return whole(value, inner.shape, cuts)
  return of.shape.texts.includes(of.field) ? shortened(value, cuts) : value
}

/** The attribute as it may be kept: itself, with a shortened text, or null to drop it. */
function attribute(keyValue: Buffer, cuts: Cuts): Buffer | null {
  if (keyValueFits(new Cursor(keyValue), 1)) return keyValue
  const writer = new Writer(Math.min(keyValue.length, LIMITS.valueBytes * 2))
  const cursor = new Cursor(keyValue)
  for (; cursor.next(); ) {
    cursor.skip()
    if (cursor.wire !== BYTES) continue
    const part = keyValue.subarray(cursor.from, cursor.to)
    if (cursor.field === 1) {
      if (part.length > LIMITS.keyBytes) return null
      writer.bytes(1, part)
    } else if (cursor.field === 2) {
      const text = textOf(part)
      if (!text) return null
      writer.bytes(
        2,
        new Writer(LIMITS.valueBytes + 16).bytes(text.field, shortened(text.value, cuts)).finish(),
      )
    }
  }
  return writer.finish()
}

/** The text or the bytes of an AnyValue that holds nothing else. */
function textOf(value: Buffer): { field: number; value: Buffer } | null {
  const cursor = new Cursor(value)
  if (!cursor.next() || (cursor.field !== 1 && cursor.field !== 7)) return null
  cursor.bytes()
  return cursor.at === value.length
    ? { field: cursor.field, value: value.subarray(cursor.from, cursor.to) }
    : null
}

/** At most the limit, and never half a UTF-8 character. */
function shortened(text: Buffer, cuts: Cuts): Buffer {
  if (text.length <= LIMITS.valueBytes) return text
  cuts.values++
  let end: number = LIMITS.valueBytes
  for (let back = 0; back < 3 && ((text[end] ?? 0) & 0xc0) === 0x80; back++) end--
  return text.subarray(0, end)
}
