import { z } from "zod"
import { text } from "#server/inputs.ts"
import { mend } from "./mend.ts"

export const JOB_STATES = ["running", "paused", "cancelled", "done", "stopped", "failed"] as const
export type JobState = (typeof JOB_STATES)[number]

/** How dead letters are to be sent again. */
export const replayOrder = z.strictObject({
  /** Null: each to where it came from. */
  target: text(300).min(1).nullable().default(null),
  mend: mend.default({ changes: [], headers: { set: [], remove: [] } }),
  /** Messages a second at the most; null: as fast as it goes. */
  rate: z.number().min(0.1).max(100_000).nullable().default(50),
  /** The replay stops when more than this share of what it sent has failed again; null: never. */
  stopShare: z.number().min(0).max(1).nullable().default(0.1),
})

export type ReplayOrder = z.output<typeof replayOrder>

/** Fewer failures than this stop nothing: of three messages, one is a third. */
const FEW = 3

/** Whether so many of what was sent have failed again that the rest is not worth trying. */
export function shouldStop(sent: number, failedAgain: number, share: number | null): boolean {
  return share !== null && failedAgain >= FEW && failedAgain > sent * share
}

/** How many messages go into the next step: about four steps a second, so that pausing is felt at once. */
export function stepSize(rate: number | null): number {
  return rate === null ? 200 : Math.max(1, Math.min(200, Math.round(rate / 4)))
}

/** How long to wait after a step of `size` messages that took `tookMs`, so that the rate is kept. In ms. */
export function pauseAfter(size: number, tookMs: number, rate: number | null): number {
  return rate === null ? 0 : Math.max(0, (size / rate) * 1000 - tookMs)
}
