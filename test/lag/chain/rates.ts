import { type Frame, writeKey } from "./frames.ts"
import type { Lane } from "./model.ts"

/** One series of a lane at a sample; null: unknown, undefined: not there (no commit, no such partition or topic). */
export interface Value {
  (frame: Frame, lane: Lane): number | null | undefined
  /** Whose own writes move it; absent: nobody's. */
  group?: string
}

export const endOf: Value = (frame, lane) => {
  const log = frame.topics.get(lane.topic)
  if (log) return log.uid === lane.uid ? log.ends[lane.partition] : undefined
  return frame.unreadable.get(lane.topic) === lane.uid ? null : undefined
}

/** What a group committed. A group that a sweep does not list, or could not read, may have committed anything. */
export function committedBy(group: string): Value {
  const committed: Value = (frame, lane) => {
    const end = endOf(frame, lane)
    if (end === undefined) return undefined
    const found = frame.groups.get(group)
    if (!found?.known) return null
    const offset = found.commits.get(lane.topic)?.[lane.partition] ?? "none"
    if (offset === "none") return undefined
    return offset === "unknown" ? null : offset
  }
  return Object.assign(committed, { group })
}

const WINDOW_MS = 60_000
const MIN_SAMPLES = 3

/** Where a rate begins that is shown as of the last of some frames: a minute before it, or with the last three samples. */
export function lookedFrom(frames: Frame[]): number {
  return Math.min((frames.at(-1)?.at ?? 0) - WINDOW_MS, frames.at(-MIN_SAMPLES)?.at ?? 0)
}

/** Slowest and fastest growth between known samples of a span, messages a second, never below nothing. */
export function rateSpan(
  frames: Frame[],
  lane: Lane,
  of: { value: Value; from: number; to: number },
): { slowest: number; fastest: number; steps: number } {
  const steps = stepsOf(frames, lane, of)
  return {
    slowest: steps.length > 1 ? Math.min(...steps.map((step) => (step.least * 1000) / step.ms)) : 0,
    fastest: Math.max(0, ...steps.map((step) => (step.most * 1000) / step.ms)),
    steps: steps.length,
  }
}

/** Messages by which a lane grew from known sample to known sample of a span; going back is no growth. */
export function grownIn(
  frames: Frame[],
  lane: Lane,
  of: { value: Value; from: number; to: number },
): { least: number; most: number } {
  const steps = stepsOf(frames, lane, of)
  const sum = (values: number[]) => values.reduce((total, one) => total + one, 0)
  return { least: sum(steps.map((step) => step.least)), most: sum(steps.map((step) => step.most)) }
}

/**
 * A sweep stands for a moment up to a minute before it looked, so a write may be seen in the samples of a minute before
 * and after it: how much was consumed is only certain where none is near.
 */
const SEEN_WITHIN_MS = 60_000

function ownWrites(frames: Frame[], key: string): { at: number; by: number }[] {
  return frames.flatMap((frame) => {
    const by = frame.writes.get(key)
    return by === undefined ? [] : [{ at: frame.at, by }]
  })
}

interface Step {
  least: number
  most: number
  ms: number
}

function stepsOf(frames: Frame[], lane: Lane, of: { value: Value; from: number; to: number }): Step[] {
  const steps: Step[] = []
  let last: { at: number; value: number } | null = null
  let moved: number | null = null
  const { group } = of.value
  const own = group === undefined ? [] : ownWrites(frames, writeKey(group, lane))
  for (const frame of frames) {
    if (frame.at < of.from || frame.at > of.to) continue
    const written = own.find((one) => one.at === frame.at)?.by
    if (written !== undefined && last) moved = (moved ?? 0) + written
    const value = of.value(frame, lane)
    if (value === null) continue
    if (value !== undefined && last) {
      // What Signalbox skipped nobody consumed; and what was consumed between its write and the samples is not certain.
      const grown = Math.max(0, value - last.value - (moved ?? 0))
      const from = last.at
      const near = own.filter((one) => one.at > from - SEEN_WITHIN_MS && one.at < frame.at + SEEN_WITHIN_MS)
      const back = near.reduce((sum, one) => sum + Math.max(0, -one.by), 0)
      steps.push({
        most: moved === null ? grown + back : Math.max(grown, value - last.value),
        least: near.length === 0 ? grown : 0,
        ms: frame.at - from,
      })
    }
    last = value === undefined ? null : { at: frame.at, value }
    moved = null
  }
  return steps
}
