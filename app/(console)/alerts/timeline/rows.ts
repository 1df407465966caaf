import type { RouterOutputs } from "#app/trpc/types.ts"

export type Timeline = RouterOutputs["alerts"]["timeline"]
export type TimelineAlert = Timeline["alerts"][number]

export interface SeriesRow {
  series: string
  name: string
  cluster: string | null
  /** In order of time. */
  alerts: TimelineAlert[]
}

export interface RuleRows {
  rule: string
  name: string
  series: SeriesRow[]
}

/** The alerts by rule, and of each rule by what they were on: the latest first. */
export function toRows(alerts: readonly TimelineAlert[]): RuleRows[] {
  return [...Map.groupBy(alerts, (one) => one.rule)].flatMap(([rule, ofRule]) => {
    const [latest] = ofRule
    if (latest === undefined) return []
    const series = [...Map.groupBy(ofRule, (one) => one.series)].flatMap(([key, ofSeries]) => {
      const [last] = ofSeries
      return last
        ? [{ series: key, name: last.name, cluster: last.cluster, alerts: ofSeries.toReversed() }]
        : []
    })
    return [{ rule, name: latest.ruleName, series }]
  })
}

/** Where a span of time stands within another, in percent; at least so wide that it can be seen and pointed at. */
export function placeOf(
  { from, to }: { from: number; to: number | null },
  within: { from: number; to: number },
): { left: string; width: string } {
  const length = within.to - within.from
  const start = Math.max(0, (from - within.from) / length)
  const end = Math.min(1, ((to ?? within.to) - within.from) / length)
  const width = Math.max(LEAST, end - start)
  return { left: `${Math.min(start, 1 - width) * 100}%`, width: `${width * 100}%` }
}

const LEAST = 0.004
