import type { Sample } from "../machine.ts"
import type { Rule } from "../rule.ts"
import { type Interval, Run } from "./intervals.ts"

const SHORT_MS = 120_000

/** What a rule would have done with one series, counted: of any history, no more than this is kept. */
export class Tally {
  fired = 0
  /** How often for less than 2 minutes. */
  short = 0
  /** Together, ms, of what is over. */
  #firedMs = 0
  /** How close it came: the highest value of a rule on high values, the negative of the lowest of one on low values. */
  peak = Number.NEGATIVE_INFINITY
  readonly #run = new Run()

  get state(): Interval["state"] | null {
    return this.#run.open?.state ?? null
  }

  take(sample: Sample, rule: Rule): void {
    const { value } = sample
    if (typeof value === "number") this.peak = Math.max(this.peak, value * signOf(rule))
    const before = this.#run.open
    this.#count(this.#run.take(sample, rule))
    if (this.#run.open !== before && this.state === "firing") this.fired += 1
  }

  /** The series was deleted. */
  end(at: number): void {
    this.#count(this.#run.end(at))
  }

  /** How long it would have fired until `to`, ms. */
  firingMs(to: number): number {
    const { open } = this.#run
    return this.#firedMs + (open?.state === "firing" ? to - open.from : 0)
  }

  #count(ended: (Interval & { to: number }) | null): void {
    if (ended?.state !== "firing") return
    const lasted = ended.to - ended.from
    this.#firedMs += lasted
    if (lasted < SHORT_MS) this.short += 1
  }
}

/** 1 for rules on high values, -1 for those on low ones, 0 for those on words. */
function signOf({ condition }: Rule): number {
  if (condition.op === "in") return 0
  return condition.op === ">" || condition.op === ">=" ? 1 : -1
}
