import { setImmediate as breathe } from "node:timers/promises"
import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { text, time } from "#server/inputs.ts"
import type { Store } from "#server/store/index.ts"
import { readBodies } from "../storing/bodies.ts"
import { MS_NS } from "../times.ts"
import type { Condition } from "../traceql/ast.ts"
import { parseQuery } from "../traceql/parse.ts"
import { type Candidate, candidates, type Looking, type Order, spansBetween } from "./candidates.ts"
import { fromCursor, inOrder, isAfter, type Place, toCursor } from "./cursor.ts"
import { type Hit, hitOf, mentioned } from "./hit.ts"
import { type Matcher, matcherOf, textMatcher } from "./match.ts"
import { chunkCondition, needlesOf } from "./plan.ts"
import { type StoredSpan, spansIn } from "./stored-span.ts"

export const searchInput = z.object({
  /** TraceQL: one set of braces; empty: every span. */
  q: text(10_000).default(""),
  /** Stands anywhere in the span; a trace id finds the trace. */
  text: text(200).default(""),
  from: time,
  to: time,
  order: z.enum(["newest", "slowest"]).default("newest"),
  limit: z.number().int().min(1).max(500).default(20),
  /** `next` of the page before. */
  cursor: text(80).optional(),
})
export type SearchInput = z.output<typeof searchInput>

export interface Found {
  hits: Hit[]
  /** Where to go on; null: everything was searched. */
  next: string | null
  /** In the order newest: everything from here to the end of the range was searched, ms. */
  searchedTo: number
  chunks: number
  spans: number
}

/** A search that takes longer answers with what it has found, and goes on from its cursor. */
const PATIENCE_MS = 1500
const FIRST_CANDIDATES = 32
const MORE_CANDIDATES = 512
/** Chunks that are read at once: of about 20 kB each, decompressed ten times as large. */
const FIRST_BODIES = 4
const MORE_BODIES = 16

/** A search whose conditions are understood. */
export interface Search {
  store: Store
  looking: Looking
  matches: Matcher
  needles: readonly Buffer[]
  keys: ReadonlySet<string>
  start: Place | null
  limit: number
}

/** The spans that meet the conditions, as many as are asked for, or as were found in a second and a half. */
export async function search({ store }: Pick<Context, "store">, input: SearchInput): Promise<Found> {
  return runSearch(await prepare(store, input))
}

/** The same for conditions that are understood already. */
export async function runSearch(asked: Search): Promise<Found> {
  const run = new Run(asked)
  const deadline = Date.now() + PATIENCE_MS
  let after: Candidate | null = null
  for (let most = FIRST_CANDIDATES; ; most = MORE_CANDIDATES) {
    const chunks: Candidate[] = await candidates(asked.store, asked.looking, { after, most })
    for (let at = 0, size = FIRST_BODIES; at < chunks.length; at += size, size = MORE_BODIES) {
      const [first] = chunks.slice(at, at + 1)
      if (first && run.isEnough(first)) return run.found(first)
      if (first && at > 0 && Date.now() > deadline) return run.found(first)
      await run.read(chunks.slice(at, at + size))
    }
    after = chunks.at(-1) ?? null
    if (chunks.length < most) return run.found(null)
  }
}

/** How many spans a search would have to look through, so that its progress can be said. */
export async function searchSize(
  { store }: Pick<Context, "store">,
  input: SearchInput,
): Promise<{ spans: number }> {
  const { looking } = await prepare(store, input)
  return { spans: await spansBetween(store, looking) }
}

async function prepare(store: Store, input: SearchInput): Promise<Search> {
  if (input.to <= input.from) throw new DomainError("bad_input", "The range must end after it begins.")
  const condition = conditionOf(input)
  const { rows: services } = await store.pool.query<{ id: number; name: string }>(
    "select id, name from traces.service",
  )
  const isOfText = input.text !== "" && !TRACE_ID.test(input.text.trim())
  const matches = matcherOf(condition)
  const hasText = isOfText ? textMatcher(input.text) : null
  const start = input.cursor === undefined ? null : fromCursor(input.cursor)
  const order: Order = input.order
  const to = BigInt(Math.floor(input.to)) * MS_NS
  return {
    store,
    looking: {
      from: BigInt(Math.floor(input.from)) * MS_NS,
      // What is newer than the cursor was searched.
      to: order === "newest" && start && start.value < to ? start.value + 1n : to,
      order,
      condition: chunkCondition(condition, services),
    },
    matches: hasText ? (span) => matches(span) && hasText(span) : matches,
    needles: needlesOf(condition),
    keys: mentioned(condition),
    start,
    limit: input.limit,
  }
}

const TRACE_ID = /^[0-9a-f]{32}$/i

function conditionOf({ q, text: words }: SearchInput): Condition {
  const condition = parseQuery(q)
  const id = words.trim().toLowerCase()
  if (!TRACE_ID.test(id)) return condition
  const field = { of: "intrinsic", name: "traceId" } as const
  const isTrace = { is: "compare", field, operator: "=", literal: { type: "text", value: id } } as const
  return { is: "all", parts: [condition, isTrace] }
}

/** A span that was found; of one that is settled only what is shown. */
interface Kept {
  place: Place
  span: StoredSpan | null
  hit: Hit | null
}

/** What was found so far. */
class Run {
  readonly #search: Search
  readonly #hits = new Map<string, Kept>()
  #chunks = 0
  #spans = 0

  constructor(search: Search) {
    this.#search = search
  }

  async read(chunks: readonly Candidate[]): Promise<void> {
    const { store, needles } = this.#search
    for await (const { data, service } of readBodies(store, chunks)) {
      this.#chunks++
      if (needles.every((needle) => data.includes(needle))) this.#look(data, service)
      this.#settle()
      await breathe()
    }
    for (const chunk of chunks) this.#spans += chunk.spans
  }

  /** What is certainly beyond the page needs no memory, nor does the chunk that a span was found in. */
  #settle(): void {
    if (this.#hits.size > 4 * this.#search.limit)
      for (const [key] of this.#sorted().slice(this.#search.limit + 1)) this.#hits.delete(key)
    for (const found of this.#hits.values()) {
      if (found.span) found.hit = hitOf(found.span, this.#search.keys)
      found.span = null
    }
  }

  #look(data: Buffer, service: string): void {
    const { looking, needles, matches, start } = this.#search
    for (const span of spansIn(data, service)) {
      if (span.startNs < looking.from || span.startNs >= looking.to) continue
      const value = looking.order === "newest" ? span.startNs : BigInt(span.durationNs)
      const place = { value, id: span.head.spanId.toString("hex") + span.head.traceId.toString("hex") }
      if (start && !isAfter(place, start)) continue
      if (!needles.every((needle) => span.includes(needle)) || !matches(span)) continue
      this.#hits.set(`${place.id}${value}`, { place, span, hit: null })
    }
  }

  /** Whether a page is full of what no further chunk can precede. */
  isEnough(next: Candidate): boolean {
    if (this.#hits.size < this.#search.limit) return false
    const bound = this.#bound(next)
    let final = 0
    for (const { place } of this.#hits.values()) if (place.value > bound) final++
    return final >= this.#search.limit
  }

  /** `next`: the chunk that is read next; null: none is left. */
  found(next: Candidate | null): Found {
    const { limit, looking } = this.#search
    const sorted = this.#sorted().map(([, hit]) => hit)
    const bound = next ? this.#bound(next) : null
    const final = bound === null ? sorted : sorted.filter(({ place }) => place.value > bound)
    const page = final.slice(0, limit)
    const last = page.at(-1)
    const isFull = final.length > limit || (page.length === limit && next !== null)
    const rest = bound === null ? null : toCursor({ value: bound + 1n, id: "" })
    const cursor = isFull && last ? toCursor(last.place) : rest
    const newest = isFull && last ? last.place.value : (bound ?? looking.from)
    return {
      hits: page.flatMap(({ hit }) => hit ?? []),
      next: cursor,
      searchedTo: looking.order === "newest" ? Number(newest / MS_NS) : Number(looking.from / MS_NS),
      chunks: this.#chunks,
      spans: this.#spans,
    }
  }

  #bound(next: Candidate): bigint {
    const { looking, start } = this.#search
    if (looking.order === "newest") return next.until
    // A page after the first may find its spans in chunks whose longest were on an earlier one.
    return start && start.value < next.longest ? start.value : next.longest
  }

  #sorted() {
    return [...this.#hits].sort(([, one], [, other]) => inOrder(one.place, other.place))
  }
}
