import { BYTES, Cursor, FIXED64, VARINT } from "../otlp/cursor.ts"
import { int64 } from "../otlp/read.ts"
import type { ReceivedSpan } from "../otlp/received.ts"
import { type Alias, aliasOf, Facts, messageOf } from "../semconv/facts.ts"
import { FilterBuilder } from "./filter.ts"
import { type Hash, Hasher, keyHash, messageKey, OWN_KEYS, valueHash } from "./hash.ts"

/** Where an attribute stands, as TraceQL says it. */
export type Scope = "resource" | "span" | "event" | "link" | "instrumentation"

/** Longer values are found by nobody who types them: of these only the key is in the filter. */
export const MAX_VALUE_BYTES = 1024

interface Key {
  name: string
  alias: Alias | undefined
}

/** Keys by their hash, so that a key that was seen is not made a text again. */
const KEYS = new Map<number, Key>()
const MAX_KEYS = 50_000

/** Gathers what a chunk can be searched by, span by span. */
export class ChunkIndex {
  readonly #filter = new FilterBuilder()
  readonly #hasher = new Hasher()
  readonly #cursor = new Cursor(Buffer.alloc(0))
  readonly #names = new Set<string>()
  /** Keys that the chunk has, by scope. */
  readonly keys = new Map<Scope, Set<string>>()

  /** The attributes of a message at a field. */
  addAttributes(message: Buffer, field: number, scope: Scope): Facts {
    const facts = new Facts()
    for (const cursor = new Cursor(message); cursor.next(); ) {
      cursor.skip()
      if (cursor.field === field && cursor.wire === BYTES)
        this.#addAttribute(message.subarray(cursor.from, cursor.to), scope, facts)
    }
    return facts
  }

  /** All of a span; returns what it says of itself. */
  addSpan({ bytes, name, kind }: ReceivedSpan): Facts {
    const facts = new Facts()
    for (const cursor = new Cursor(bytes); cursor.next(); ) {
      cursor.skip()
      if (cursor.wire !== BYTES) continue
      if (cursor.field === 9) this.#addAttribute(bytes.subarray(cursor.from, cursor.to), "span", facts)
      else if (cursor.field === 11) this.addAttributes(bytes.subarray(cursor.from, cursor.to), 3, "event")
      else if (cursor.field === 13) this.#addLink(bytes.subarray(cursor.from, cursor.to))
    }
    if (!this.#names.has(name)) {
      this.#names.add(name)
      this.#filter.add(valueHash(OWN_KEYS.name, name))
    }
    const message = messageOf(facts, kind)
    if (message && message.partition !== null && message.offset !== null)
      this.#filter.add(
        valueHash(OWN_KEYS.message, messageKey(message.destination, message.partition, message.offset)),
      )
    return facts
  }

  toFilter(): Buffer {
    return this.#filter.toBytes()
  }

  #addLink(link: Buffer): void {
    for (const cursor = new Cursor(link); cursor.next(); ) {
      cursor.skip()
      if (cursor.field === 1 && cursor.wire === BYTES)
        this.#filter.add(valueHash(OWN_KEYS.link, link.toString("hex", cursor.from, cursor.to)))
    }
    this.addAttributes(link, 4, "link")
  }

  /** A KeyValue: 1 = key, 2 = AnyValue. */
  #addAttribute(keyValue: Buffer, scope: Scope, facts: Facts): void {
    const cursor = this.#cursor
    cursor.buffer = keyValue
    cursor.at = 0
    cursor.end = keyValue.length
    let keyFrom = 0
    let keyTo = 0
    let from = 0
    let to = 0
    while (cursor.next()) {
      cursor.skip()
      if (cursor.field === 1) {
        keyFrom = cursor.from
        keyTo = cursor.to
      } else if (cursor.field === 2) {
        from = cursor.from
        to = cursor.to
      }
    }
    const { a, b } = this.#hasher.start().bytes(keyValue, keyFrom, keyTo)
    const key = known({ a, b }, () => keyValue.toString("utf8", keyFrom, keyTo))
    this.#filter.add({ a, b })
    this.#note(scope, key.name)
    const keyBytes = keyValue.subarray(keyFrom, keyTo)
    this.#addValue({ key, keyBytes, facts }, new Cursor(keyValue, from, to))
  }

  /** An AnyValue: of a list each member, of a map nothing. */
  #addValue(of: { key: Key; keyBytes: Buffer; facts: Facts }, cursor: Cursor): void {
    const { buffer } = cursor
    while (cursor.next()) {
      const { at } = cursor
      cursor.skip()
      if (cursor.field === 5) {
        for (const inner = new Cursor(buffer, cursor.from, cursor.to); inner.next(); ) {
          inner.skip()
          if (inner.field === 1 && inner.wire === BYTES)
            this.#addValue(of, new Cursor(buffer, inner.from, inner.to))
        }
        continue
      }
      const hasher = this.#hasher.start().bytes(of.keyBytes).separator()
      if (cursor.field === 1) {
        if (cursor.to - cursor.from > MAX_VALUE_BYTES) continue
        hasher.bytes(buffer, cursor.from, cursor.to)
      } else hasher.ascii(scalarText(cursor, at) ?? "")
      this.#filter.add({ a: hasher.a, b: hasher.b })
      const { alias } = of.key
      if (!alias) continue
      const text =
        cursor.field === 1 ? buffer.toString("utf8", cursor.from, cursor.to) : (scalarText(cursor, at) ?? "")
      of.facts.add(alias, text)
      this.#addConcept(alias, text)
    }
  }

  /** What came by an older name or in older words is found by the newest, too. */
  #addConcept({ concept }: Alias, text: string): void {
    this.#filter.add(keyHash(concept.name))
    this.#filter.add(valueHash(concept.name, concept.value ? concept.value(text) : text))
  }

  #note(scope: Scope, key: string): void {
    const keys = this.keys.get(scope) ?? new Set<string>()
    this.keys.set(scope, keys)
    keys.add(key)
  }
}

function known({ a, b }: Hash, name: () => string): Key {
  const hash = a * 0x20_0000 + (b & 0x1f_ffff)
  const found = KEYS.get(hash)
  if (found) return found
  if (KEYS.size >= MAX_KEYS) KEYS.clear()
  const text = name()
  const key = { name: text, alias: aliasOf(text) }
  KEYS.set(hash, key)
  return key
}

/** As conditions are compared with it; see valueText in the matcher. Null for lists and maps. */
function scalarText({ buffer, field, wire, from, to }: Cursor, at: number): string | null {
  if (field === 2 && wire === VARINT) return int64(buffer, at) === 0n ? "false" : "true"
  if (field === 3 && wire === VARINT) {
    const byte = buffer[at] ?? 0
    return byte < 128 ? String(byte) : String(int64(buffer, at))
  }
  if (field === 4 && wire === FIXED64) return String(buffer.readDoubleLE(at))
  return field === 7 ? buffer.toString("hex", from, to) : null
}
