import type { Findings } from "./findings.ts"
import type { Frame, Truth } from "./frames.ts"
import { inTime, type Lane } from "./model.ts"
import { grownIn, type Value } from "./rates.ts"

export interface Range {
  name: string
  from: number
  to: number
  points: number
}

/** What may be said at the moments of a chart: each stands for the step that ends with it. */
export class Moments {
  readonly frames: Frame[]
  readonly stepMs: number
  readonly #at: number[]
  readonly #intervalMs: number

  constructor(truth: Truth, chart: { at: number[]; stepMs: number }) {
    this.frames = inTime(truth)
    this.stepMs = chart.stepMs
    this.#at = chart.at
    this.#intervalMs = truth.intervalMs
  }

  /** Whether the chart is drawn from the samples themselves. */
  get isRaw(): boolean {
    return this.stepMs < 60_000
  }

  /** By how much a moment may differ that was found in a roll-up. */
  get slackMs(): number {
    if (this.isRaw) return 1
    return (this.stepMs < 600_000 ? 60_000 : 600_000) + this.#intervalMs
  }

  /** The last sample of the step that ends at a moment; null: nothing may be said of it. */
  sampleAt(i: number): Frame | null {
    const moment = this.#at[i] ?? 0
    return this.frames.findLast((one) => one.at <= moment && one.at > moment - this.stepMs) ?? null
  }

  /** The sample that the growth in a step is counted from: of the step before, or of the one before that. */
  sampleBefore(i: number): Frame | null {
    const moment = this.#at[i] ?? 0
    // The last step may be shorter than the others.
    const begin = Math.ceil(moment / this.stepMs) * this.stepMs - this.stepMs
    const within = (end: number) => this.frames.findLast((one) => one.at <= end && one.at > end - this.stepMs)
    return within(begin) ?? within(begin - this.stepMs) ?? null
  }
}

/**
 * Messages a second in one step: what each lane grew from sample to sample, added, over the time between the first and
 * the last of them. Roll-ups may miss what went back and forth in between, or ended and began anew, and never invent any.
 */
export function judgeGrowth(
  moments: Moments,
  of: { i: number; shown: number | null; lanes: Lane[]; value: Value },
  findings: Findings,
): void {
  const { i, shown, lanes, value } = of
  const [before, now] = [moments.sampleBefore(i), moments.sampleAt(i)]
  if (shown === null) return
  if (!before || !now) {
    findings.add(`${shown}, though there is no sample before`)
    return
  }
  const ends = lanes.map((lane) => [value(before, lane), value(now, lane)] as const)
  if (ends.flat().includes(null)) {
    findings.add(`${shown}, though a partition is unknown`)
    return
  }
  const span = { value, from: before.at, to: now.at }
  const grown = lanes.map((lane) => grownIn(moments.frames, lane, span))
  const rate = (messages: number[]) =>
    (messages.reduce((sum, one) => sum + one, 0) * 1000) / (now.at - before.at)
  const steady = (lane: Lane) =>
    moments.frames.every(
      (frame) => frame.at < before.at || frame.at > now.at || value(frame, lane) !== undefined,
    )
  const net = lanes.map((lane, i) =>
    steady(lane) ? Math.min(grown[i]?.least ?? 0, netGrowth(before, now, { lane, value })) : 0,
  )
  findings.within("messages a second", shown, {
    least: rate(moments.isRaw ? grown.map((one) => one.least) : net) * 0.999_999,
    most: rate(grown.map((one) => one.most)) * 1.000_001,
  })
}

/** From the first to the last sample of a step: what a roll-up shows at least. */
function netGrowth(before: Frame, now: Frame, of: { lane: Lane; value: Value }): number {
  const [was, is] = [of.value(before, of.lane), of.value(now, of.lane)]
  return typeof was === "number" && typeof is === "number" ? Math.max(0, is - was) : 0
}
