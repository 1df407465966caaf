import { BYTES, Cursor } from "../otlp/cursor.ts"
import { firstField } from "../otlp/first-field.ts"
import { nanosecondsBetween, readHead, type SpanHead } from "../otlp/head.ts"
import { type Group, readSpanOf } from "../otlp/read.ts"
import type { Span } from "../otlp/span.ts"
import type { Facts } from "../semconv/facts.ts"
import { factsOf } from "../semconv/facts-of.ts"

/** A span of a chunk, of which as much is read as is asked for. */
export class StoredSpan {
  readonly head: SpanHead
  readonly service: string
  readonly startNs: bigint
  readonly durationNs: number
  readonly #group: Group
  #span: Span | null = null
  #facts: Facts | null = null

  constructor(head: SpanHead, group: Group, service: string) {
    this.head = head
    this.service = service
    this.startNs = head.start.readBigUInt64LE()
    this.durationNs = nanosecondsBetween(head.start, head.end)
    this.#group = group
  }

  /** Whether the bytes stand in the span or its resource. */
  includes(bytes: Buffer): boolean {
    return this.head.bytes.includes(bytes) || this.#group.bytes.includes(bytes)
  }

  get isRoot(): boolean {
    return this.head.parentId.every((byte) => byte === 0)
  }

  /** All of it. */
  get span(): Span {
    this.#span ??= readSpanOf(this.head.bytes, this.#group)
    return this.#span
  }

  /** What it says by the table of conventions. */
  get facts(): Facts {
    if (!this.#facts) {
      this.#facts = factsOf(this.span)
    }
    return this.#facts
  }
}

/** The spans of a TracesData message in order, their attributes unread. */
export function* spansIn(data: Buffer, service: string): Generator<StoredSpan> {
  for (const resource of ranges(new Cursor(data), 1))
    for (const scope of ranges(resource, 2)) {
      const resourceSpans = data.subarray(resource.from, resource.to)
      const scopeSpans = data.subarray(scope.from, scope.to)
      const group: Group = { resourceSpans, scopeSpans, bytes: firstField(resourceSpans) }
      for (const span of ranges(scope, 2))
        yield new StoredSpan(readHead(new Cursor(data), span.from, span.to), group, service)
    }
}

function* ranges(within: Cursor, field: number): Generator<Cursor> {
  const cursor = new Cursor(within.buffer, within.from, within.to)
  while (cursor.next()) {
    cursor.skip()
    if (cursor.field !== field || cursor.wire !== BYTES) continue
    yield new Cursor(cursor.buffer, cursor.from, cursor.to)
  }
}
