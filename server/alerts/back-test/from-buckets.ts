import { LEVEL_MS, readSignalLabels, type StoredBucket } from "#server/store/index.ts"
import { watchesSeries } from "../engine/active-rules.ts"
import type { Rule } from "../rule.ts"
import type { Asked, History, Shown } from "./history.ts"
import { Run, Spans } from "./intervals.ts"
import { levelOf, stepsOf } from "./steps.ts"
import { Tally } from "./tally.ts"

type Labels = Awaited<ReturnType<typeof readSignalLabels>>
type Column = "low" | "high" | "last"

/**
 * From the values of each minute, or each ten minutes where minutes are not kept that long. History is read step by step,
 * and of each series only counts are kept, so the memory it takes does not grow with the span; what is shown of a few
 * series is read once more.
 */
export async function fromBuckets(asked: Asked): Promise<History> {
  const { ctx, cluster, signal, from, to } = asked
  const labels = await readSignalLabels(ctx.store.pool, {
    clusterId: cluster?.id ?? 0,
    subject: signal.subject,
  })
  const tallies = new Tallies(asked, labels)
  const gaps = new Spans()
  const parts: History["parts"] = [{ from, to, resolutionMs: LEVEL_MS[levelOf(asked)] }]
  let begins: number | null = null
  let end = from
  for await (const { at, stepMs, bucket } of stepsOf(asked)) {
    begins ??= at
    const part = parts.at(-1)
    if (bucket && part && part.resolutionMs !== stepMs) {
      part.to = at
      parts.push({ from: at, to, resolutionMs: stepMs })
    }
    gaps.mark(at, bucket === null)
    tallies.take(at, bucket)
    end = at + stepMs
  }
  return {
    series: tallies.all(),
    ...{ begins, parts },
    gaps: gaps.all().map((one) => ({ from: one.from, to: one.to ?? end })),
    firing: tallies.firing.all().map((one) => ({ state: "firing", ...one })),
    pending: tallies.pending.all().map((one) => ({ state: "pending", ...one })),
    show: (keys) => show(keys, asked),
  }
}

interface Watched {
  tally: Tally
  /** The last step that had it. */
  seenAt: number
}

/** Of every series that the rule watches, what it would have done. */
class Tallies {
  readonly firing = new Spans()
  readonly pending = new Spans()
  readonly #asked: Asked
  readonly #labels: Labels
  readonly #column: Column
  /** By id; null: the rule does not watch it. */
  readonly #bySeries = new Map<number, Watched | null>()
  readonly #watched: Watched[] = []
  /** The series of the bucket before: mostly the next one has the same. */
  #before: { ids: Int32Array; series: (Watched | null)[] } = { ids: new Int32Array(), series: [] }
  readonly #count = { firing: 0, pending: 0 }

  constructor(asked: Asked, labels: Labels) {
    this.#asked = asked
    this.#labels = labels
    this.#column = columnFor(asked)
  }

  /** Takes a step of time; null: nothing is known of it. */
  take(at: number, bucket: StoredBucket | null): void {
    if (bucket) this.#takeBucket(at, bucket)
    else
      for (const held of this.#watched)
        this.#judge(held, () => held.tally.take({ at, value: null }, this.#asked.rule))
    this.firing.mark(at, this.#count.firing > 0)
    this.pending.mark(at, this.#count.pending > 0)
  }

  all(): History["series"] {
    return [...this.#bySeries].flatMap(([key, held]) => {
      const labels = this.#labels.get(key)
      return held && labels ? [{ key, labels, tally: held.tally }] : []
    })
  }

  #takeBucket(at: number, bucket: StoredBucket): void {
    const { rule } = this.#asked
    const column = bucket[this.#column]
    const series = this.#seriesOf(bucket.ids)
    let seen = 0
    series.forEach((held, i) => {
      if (held === null) return
      seen += 1
      held.seenAt = at
      this.#judge(held, () => held.tally.take({ at, value: known(column[i]) }, rule))
    })
    if (seen === this.#watched.length) return
    // What a bucket lacks was deleted: live, its alert is resolved.
    for (const held of this.#watched) if (held.seenAt !== at) this.#judge(held, () => held.tally.end(at))
  }

  #judge({ tally }: Watched, step: () => void): void {
    const before = tally.state
    step()
    const after = tally.state
    if (before === after) return
    if (before !== null) this.#count[before] -= 1
    if (after !== null) this.#count[after] += 1
  }

  #seriesOf(ids: Int32Array): (Watched | null)[] {
    const { ids: before, series } = this.#before
    if (ids.length !== before.length || ids.some((id, i) => id !== before[i]))
      this.#before = { ids, series: Array.from(ids, (id) => this.#find(id)) }
    else this.#before = { ids, series }
    return this.#before.series
  }

  #find(id: number): Watched | null {
    const found = this.#bySeries.get(id)
    if (found !== undefined) return found
    const made = this.#isWatched(id) ? { tally: new Tally(), seenAt: 0 } : null
    this.#bySeries.set(id, made)
    if (made) this.#watched.push(made)
    return made
  }

  #isWatched(id: number): boolean {
    const { rule, signal, cluster, isShown } = this.#asked
    const labels = this.#labels.get(id)
    if (labels === undefined || !watchesSeries(rule.scope, signal.subject, { labels })) return false
    return cluster !== null || isShown(labels)
  }
}

/** What is to be shown of a few series: their values, with what the rule would have done at each. */
async function show(keys: readonly number[], asked: Asked): Promise<Map<number, Shown>> {
  const column = columnFor(asked)
  const shown = new Map(
    keys.map((key) => [key, { intervals: [], at: [], values: [], run: new Run() } as Shown & { run: Run }]),
  )
  if (shown.size === 0) return shown
  for await (const { at, bucket } of stepsOf(asked)) {
    for (const [key, one] of shown) {
      const i = bucket ? indexOf(bucket.ids, key) : -1
      const value = bucket && i >= 0 ? known(bucket[column][i]) : null
      const isGone = bucket !== null && i < 0
      const ended = isGone ? one.run.end(at) : one.run.take({ at, value }, asked.rule)
      if (ended) one.intervals.push(ended)
      // What is unknown is so until the next value: said once, not at every step.
      if (value !== null || one.values.at(-1) !== null) {
        one.at.push(at)
        one.values.push(value)
      }
    }
  }
  for (const { run, intervals } of shown.values()) if (run.open) intervals.push(run.open)
  return shown
}

/** A value stands for all of its step: the last one, or the worst for rules that fire at once, so that no spike is missed. */
function columnFor(asked: Asked): Column {
  const { condition, forMs }: Rule = asked.rule
  if (condition.op === "in" || forMs >= LEVEL_MS[levelOf(asked)]) return "last"
  return condition.op === ">" || condition.op === ">=" ? "high" : "low"
}

/** Where an id stands among sorted ones; -1: nowhere. */
function indexOf(ids: Int32Array, id: number): number {
  let [low, high] = [0, ids.length - 1]
  while (low <= high) {
    const middle = (low + high) >> 1
    const found = ids[middle] ?? 0
    if (found === id) return middle
    if (found < id) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function known(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value
}
