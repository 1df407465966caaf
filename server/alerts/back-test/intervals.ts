import { type AlertState, evaluate, INACTIVE, type Logic, type Sample, type Value } from "../machine.ts"

/** What a rule would have said of one series: when it would have been pending, and firing. Times in ms. */
export interface Interval {
  state: "pending" | "firing"
  from: number
  /** null: it goes on. */
  to: number | null
}

/** The state machine at work on one series, sample by sample, in order of time. It remembers what is open, not what is over. */
export class Run {
  /** What goes on now; null: the series is well. */
  open: Interval | null = null
  #state: AlertState = INACTIVE

  /** Takes a sample. Returns the interval that it ended; null: none. */
  take(sample: Sample, logic: Logic): (Interval & { to: number }) | null {
    const { state, transition } = evaluate(this.#state, sample, logic)
    this.#state = state
    if (transition === null) return null
    const { at } = sample
    const ended = this.open && { ...this.open, to: at }
    if (transition === "pending") this.open = { state: "pending", from: at, to: null }
    else this.open = transition === "fired" ? { state: "firing", from: at, to: null } : null
    return ended
  }

  /** The series was deleted: nothing of it goes on. Returns as `take`. */
  end(at: number): (Interval & { to: number }) | null {
    const ended = this.open && { ...this.open, to: at }
    this.#state = INACTIVE
    this.open = null
    return ended
  }
}

/** What the state machine says of the samples of a series, in order of time. */
export function intervalsOf(samples: Iterable<Sample>, logic: Logic): Interval[] {
  const intervals: Interval[] = []
  const run = new Run()
  for (const sample of samples) {
    const ended = run.take(sample, logic)
    if (ended) intervals.push(ended)
  }
  return run.open ? [...intervals, run.open] : intervals
}

/** The moments at which at least one of the intervals holds. */
export function union(intervals: readonly Interval[]): Interval[] {
  const joined: Interval[] = []
  for (const one of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = joined.at(-1)
    if (last && (last.to === null || one.from <= last.to))
      last.to = last.to === null || one.to === null ? null : Math.max(last.to, one.to)
    else joined.push({ ...one })
  }
  return joined
}

/** Collects the spans in which something holds, told step by step in order of time. */
export class Spans {
  readonly #over: { from: number; to: number }[] = []
  #since: number | null = null

  mark(at: number, holds: boolean): void {
    if (holds) this.#since ??= at
    else if (this.#since !== null) {
      this.#over.push({ from: this.#since, to: at })
      this.#since = null
    }
  }

  /** `to` null: it holds still. */
  all(): { from: number; to: number | null }[] {
    return this.#since === null ? this.#over : [...this.#over, { from: this.#since, to: null }]
  }
}

/**
 * Values that change at moments of their own, as samples: at each change, and whenever a rule may decide otherwise though
 * nothing changed, because a duration of its has passed since.
 */
export function sampled(
  changes: { at: readonly number[]; values: readonly Value[] },
  span: { from: number; to: number },
  logic: Logic,
): Sample[] {
  const waits = [0, logic.forMs, logic.keepFiringForMs, logic.flapping.withinMs]
  const moments = new Set([span.from, span.from + logic.forMs, span.to])
  for (const at of changes.at) for (const wait of waits) moments.add(Math.max(span.from, at) + wait)
  const samples: Sample[] = []
  let next = 0
  let held: Value = null
  for (const at of [...moments].filter((one) => one <= span.to).sort((a, b) => a - b)) {
    for (; (changes.at[next] ?? Number.POSITIVE_INFINITY) <= at; next++) held = changes.values[next] ?? null
    samples.push({ at, value: held })
  }
  return samples
}
