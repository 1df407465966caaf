import { readSignalBuckets } from "#server/store/index.ts"
import { type Baseline, baselineOf, deviation } from "../baseline.ts"
import { produceRate } from "./produce-rate.ts"
import type { ClusterSignal, Reading, Round } from "./signal.ts"
import { seriesIds } from "./stored-series.ts"

const DAY_MS = 86_400_000
const DAYS = 7
/** Half an hour to either side: the same hour of the day. */
const WITHIN_MS = 1_800_000
const RENEW_MS = 600_000

export const produceDeviation: ClusterSignal = {
  of: "cluster",
  id: "produce-deviation",
  label: "Produce rate against the week before",
  unit: "deviations",
  subject: "destination",
  help: "How far the produce rate is from its median at this hour of the last 7 days, in median absolute deviations.",
  suggested: { op: "<", threshold: -8 },
  sentence: "{{ destination }} is produced to {{ value }} from what is usual at this hour.",
  read,
}

interface Kept {
  until: number
  /** By the key of a series. */
  baselines: ReadonlyMap<string, Baseline>
}

async function read(round: Round): Promise<Reading[]> {
  const kept = round.memory("produce-deviation", (): { of: Kept | null } => ({ of: null }))
  if (kept.of === null || kept.of.until <= round.at) {
    kept.of = { until: round.at + RENEW_MS, baselines: await readBaselines(round) }
  }
  const { baselines } = kept.of
  const readings = await produceRate.read(round)
  return readings.map(({ series, value }) => {
    const baseline = baselines.get(series.key)
    return { series, value: typeof value === "number" && baseline ? deviation(value, baseline) : null }
  })
}

async function readBaselines(round: Round): Promise<Map<string, Baseline>> {
  const buckets = await readSignalBuckets(round.db, {
    clusterId: round.cluster.id,
    signal: produceRate.id,
    level: "10m",
    from: round.at - DAYS * DAY_MS - WITHIN_MS,
    // The present hour is what is judged, not what it is judged by.
    to: round.at - DAY_MS + WITHIN_MS,
    near: { at: round.at, withinMs: WITHIN_MS },
  })
  const keys = await seriesIds(round, produceRate.subject)
  return baselineOf(buckets, keys)
}
