import {
  LEVEL_MS,
  type SignalLevel,
  type StoredBucket,
  signalLevelFor,
  streamSignalBuckets,
} from "#server/store/index.ts"
import { stepsBetween } from "./gaps.ts"
import type { Asked } from "./history.ts"

const HOUR_MS = 3_600_000
/** Of a chart; more cannot be told apart. */
const MAX_BUCKETS = 1500
/** The minute under way is not stored yet, nor may the one before it be. */
const UNSTORED_MS = 3 * LEVEL_MS["1m"]

/** What a signal said within one step of time. */
export interface Step {
  at: number
  stepMs: number
  /** null: nothing is stored of it, though of what came before there is. */
  bucket: StoredBucket | null
}

/** The resolution that a span is judged at. */
export function levelOf({ ctx, from, to }: Asked): SignalLevel {
  return signalLevelFor({ from, to, maxBuckets: MAX_BUCKETS }, { now: to, keep: ctx.store.keep })
}

/** The steps of a span in order of time, each read when it is asked for. What is not rolled up yet comes minute by minute. */
export async function* stepsOf(asked: Asked): AsyncGenerator<Step> {
  const { ctx, signal, cluster, from, to } = asked
  const level = levelOf(asked)
  const stream = (of: SignalLevel, since: number) =>
    streamSignalBuckets(ctx.store.pool, {
      ...{ clusterId: cluster?.id ?? 0, signal: signal.id, level: of, from: since, to },
    })
  /** The end of the last step; null: there was none yet. */
  let end: number | null = null
  const fill = function* (until: number, stepMs: number): Generator<Step> {
    for (let at = end ?? until; at < until; at += stepMs) yield { at, stepMs, bucket: null }
  }
  for (const of of level === "1m" ? (["1m"] as const) : (["10m", "1m"] as const)) {
    const stepMs = LEVEL_MS[of]
    const usual = stepsBetween(stepMs, cluster?.intervalMs ?? 0) - 1
    const since: number = of === level ? from : (end ?? Math.max(from, to - HOUR_MS))
    for await (const bucket of stream(of, since)) {
      if (end !== null && bucket.at - end > usual * stepMs) yield* fill(bucket.at, stepMs)
      yield { at: bucket.at, stepMs, bucket }
      end = bucket.at + stepMs
    }
  }
  const stepMs = LEVEL_MS["1m"]
  if (end !== null && to - end > Math.max(UNSTORED_MS, 2 * (cluster?.intervalMs ?? 0)))
    yield* fill(to, stepMs)
}
