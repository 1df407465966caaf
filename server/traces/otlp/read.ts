import { BYTES, Cursor, FIXED32, FIXED64 } from "./cursor.ts"
import { Attributes, type Span, type Value } from "./span.ts"

/** What spans have in common: the messages around them, read once when a span is. */
export interface Group {
  resourceSpans: Buffer
  scopeSpans: Buffer
  /** The resource's. */
  bytes: Buffer
  common?: Pick<Span, "resource" | "scope">
}

/** A Span message with all that came with it. */
export function readSpanOf(message: Buffer, group: Group): Span {
  group.common ??= readCommonOf(group)
  return readSpan(message, group.common)
}

function readCommonOf({ resourceSpans, scopeSpans }: Group): Pick<Span, "resource" | "scope"> {
  const common = last(scopeSpans, 1)
  return {
    resource: { ...readCommon(last(resourceSpans, 1), 1), schemaUrl: textAt(resourceSpans, 3) },
    scope: {
      ...readCommon(common, 3),
      name: textAt(common, 1),
      version: textAt(common, 2),
      schemaUrl: textAt(scopeSpans, 3),
    },
  }
}

/** All spans of a TracesData message, in order. Throws a DomainError when it is none. */
export function readSpans(data: Buffer): Span[] {
  const spans: Span[] = []
  for (const resourceSpans of messages(data, 1))
    for (const scopeSpans of messages(resourceSpans, 2)) {
      const group: Group = { resourceSpans, scopeSpans, bytes: resourceSpans }
      for (const span of messages(scopeSpans, 2)) spans.push(readSpanOf(span, group))
    }
  return spans
}

function readSpan(message: Buffer, of: Pick<Span, "resource" | "scope">): Span {
  const status = last(message, 15)
  return {
    traceId: last(message, 1).toString("hex"),
    spanId: last(message, 2).toString("hex"),
    parentId: last(message, 4).toString("hex").replace(/^0+$/, ""),
    traceState: textAt(message, 3),
    flags: numberAt(message, 16),
    name: textAt(message, 5),
    kind: numberAt(message, 6),
    startNs: timeAt(message, 7),
    endNs: timeAt(message, 8),
    ...readCommon(message, 9),
    events: messages(message, 11).map((event) => ({
      timeNs: timeAt(event, 1),
      name: textAt(event, 2),
      ...readCommon(event, 3),
    })),
    droppedEvents: numberAt(message, 12),
    links: messages(message, 13).map((link) => ({
      traceId: last(link, 1).toString("hex"),
      spanId: last(link, 2).toString("hex"),
      traceState: textAt(link, 3),
      flags: numberAt(link, 6),
      ...readCommon(link, 4),
    })),
    droppedLinks: numberAt(message, 14),
    status: { code: numberAt(status, 3), message: textAt(status, 2) },
    ...of,
  }
}

/** Attributes at a field, and how many were dropped at the next: everywhere in OTLP the two stand together. */
function readCommon(message: Buffer, field: number): { attributes: Attributes; droppedAttributes: number } {
  return {
    attributes: new Attributes(messages(message, field).map(readKeyValue)),
    droppedAttributes: numberAt(message, field + 1),
  }
}

function readKeyValue(message: Buffer): readonly [string, Value] {
  return [textAt(message, 1), readValue(last(message, 2))]
}

function readValue(message: Buffer): Value {
  let value: Value = null
  for (const cursor = new Cursor(message); cursor.next(); ) {
    const { at } = cursor
    cursor.skip()
    const bytes = message.subarray(cursor.from, cursor.to)
    switch (cursor.field) {
      case 1:
        value = bytes.toString("utf8")
        break
      case 2:
        value = int64(message, at) !== 0n
        break
      case 3:
        value = int64(message, at)
        break
      case 4:
        value = message.readDoubleLE(at)
        break
      case 5:
        value = messages(bytes, 1).map(readValue)
        break
      case 6:
        value = new Attributes(messages(bytes, 1).map(readKeyValue))
        break
      case 7:
        value = new Uint8Array(bytes)
        break
    }
  }
  return value
}

/** A varint of 64 bits with a sign. */
export function int64(message: Buffer, at: number): bigint {
  let value = 0n
  for (let i = 0; i < 10; i++) {
    const byte = message[at + i] ?? 0
    value |= BigInt(byte & 0x7f) << BigInt(7 * i)
    if (byte < 0x80) break
  }
  return BigInt.asIntN(64, value)
}

const NOTHING = Buffer.alloc(0)

function messages(message: Buffer, field: number): Buffer[] {
  const found: Buffer[] = []
  for (const cursor = new Cursor(message); cursor.next(); ) {
    cursor.skip()
    if (cursor.field === field && cursor.wire === BYTES) found.push(message.subarray(cursor.from, cursor.to))
  }
  return found
}

/** The field's bytes; of a field that comes more than once the last. */
function last(message: Buffer, field: number): Buffer {
  return messages(message, field).at(-1) ?? NOTHING
}

function textAt(message: Buffer, field: number): string {
  return last(message, field).toString("utf8")
}

/** The last value of the field that is not of bytes: where it begins, and its wire type. */
function placeOf(message: Buffer, field: number): { at: number; wire: number } | null {
  let place: { at: number; wire: number } | null = null
  for (const cursor = new Cursor(message); cursor.next(); ) {
    const { at, wire } = cursor
    cursor.skip()
    if (cursor.field === field && wire !== BYTES) place = { at, wire }
  }
  return place
}

function timeAt(message: Buffer, field: number): bigint {
  const place = placeOf(message, field)
  return place?.wire === FIXED64 ? message.readBigUInt64LE(place.at) : 0n
}

/** Of a varint, or of four bytes as flags have. */
function numberAt(message: Buffer, field: number): number {
  const place = placeOf(message, field)
  if (!place) return 0
  return place.wire === FIXED32 ? message.readUInt32LE(place.at) : new Cursor(message, place.at).varint()
}
