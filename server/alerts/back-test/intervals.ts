import { evaluate, INACTIVE, type Logic, type Sample, type Value } from "../machine.ts"

/** What a rule would have said of one series: when it would have been pending, and firing. Times in ms. */
export interface Interval {
  state: "pending" | "firing"
  from: number
  /** null: it goes on. */
  to: number | null
}

/** Runs the state machine over the samples of a series, in order of time. */
export function intervalsOf(samples: Iterable<Sample>, logic: Logic): Interval[] {
  const intervals: Interval[] = []
  let state = INACTIVE
  let open: Interval | null = null
  for (const sample of samples) {
    const { at } = sample
    const next = evaluate(state, sample, logic)
    state = next.state
    if (next.transition === null) continue
    if (open) intervals.push({ ...open, to: at })
    open =
      next.transition === "pending" || next.transition === "fired"
        ? { state: next.transition === "fired" ? "firing" : "pending", from: at, to: null }
        : null
  }
  if (open) intervals.push(open)
  return intervals
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
