import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { watchesCluster } from "../engine/active-rules.ts"
import type { Value } from "../machine.ts"
import type { Labels } from "../matcher.ts"
import { checkedRule } from "../rules/check-rule.ts"
import { findSignal } from "../signals/index.ts"
import type { RoundCluster } from "../signals/signal.ts"
import { fromBuckets } from "./from-buckets.ts"
import { fromChanges } from "./from-changes.ts"
import type { Gap } from "./gaps.ts"
import type { Asked, History } from "./history.ts"
import { type Interval, union } from "./intervals.ts"
import type { Tally } from "./tally.ts"

const HOUR_MS = 3_600_000
/** Series whose history is sent for the chart. */
const MAX_SHOWN = 20
/** Gaps that are named, the latest. */
const MAX_GAPS = 50

export const RANGES = { "24h": 24 * HOUR_MS, "7d": 168 * HOUR_MS, "30d": 720 * HOUR_MS } as const

export const backTestInput = z.object({
  rule: checkedRule,
  range: z.enum(["24h", "7d", "30d"]).default("7d"),
})

/** What a rule would have done. Times in ms. */
export interface BackTest {
  from: number
  to: number
  /** What each part was judged at: values of 1 minute or 10 minutes, or exact changes (0). */
  parts: { from: number; to: number; resolutionMs: number }[]
  /** First moment that anything is known; null: nothing is. */
  begins: number | null
  /** Of which nothing is known: no collector was at work, or the cluster did not answer. The latest, of each cluster. */
  gaps: (Gap & { cluster: string | null })[]
  /** Series that the rule watches. */
  series: number
  /** How often it would have fired, on how many series, and how often for less than 2 minutes. */
  fired: number
  firedSeries: number
  short: number
  /** Together, ms. */
  firingMs: number
  /** The series that would have fired most, and then those that come closest. */
  noisiest: BackTestSeries[]
  /** When at least one series would have been firing, and when at least one would have been pending. */
  any: Interval[]
  pending: Interval[]
}

export interface BackTestSeries {
  cluster: string | null
  labels: Labels
  fired: number
  firingMs: number
  intervals: Interval[]
  at: number[]
  values: Value[]
}

/**
 * What a rule would have done on the history of the clusters that one may see: the same state machine that decides live,
 * on the values that it would have seen. Values of a bucket stand for all of it: the last one, or the worst one for rules
 * that fire at once, so that a spike between is not missed. What is not stored is unknown to the rule, as it was live.
 */
export async function backTest(ctx: Context, input: z.output<typeof backTestInput>): Promise<BackTest> {
  const { rule, range } = input
  const signal = findSignal(rule.signal)
  if (!signal) throw new DomainError("bad_input", `There is no signal "${rule.signal}".`)
  const to = ctx.now()
  const from = to - RANGES[range]
  const visible = await readClusters(ctx)
  const clusters = visible.filter((cluster) => watchesCluster(rule.scope, cluster))
  const isShown = shownOf(ctx, visible)
  const tried: Tried[] = []
  for (const cluster of signal.of === "signalbox" ? [null] : clusters) {
    const history = await readHistory({ ctx, signal, cluster, rule, from, to, isShown })
    tried.push({ cluster: cluster?.slug ?? null, history })
  }
  const histories = tried.map((one) => one.history)
  const begins = histories.flatMap((one) => (one.begins === null ? [] : [one.begins]))
  const judgedAt = histories.find((one) => one.begins !== null) ?? histories[0]
  return {
    ...{ from, to, parts: judgedAt?.parts ?? [] },
    begins: begins.length === 0 ? null : Math.min(...begins),
    gaps: tried
      .flatMap(({ cluster, history }) => history.gaps.map((gap) => ({ cluster, ...gap })))
      .sort((a, b) => a.from - b.from)
      .slice(-MAX_GAPS),
    ...counts(tried, to),
    noisiest: await noisiest(tried, to),
    any: union(histories.flatMap((one) => one.firing)),
    pending: union(histories.flatMap((one) => one.pending)),
  }
}

interface Tried {
  cluster: string | null
  history: History
}

/** Series of Signalbox itself are for whoever sees every cluster, but for those of a cluster that one sees. */
function shownOf(ctx: Context, clusters: readonly RoundCluster[]): (labels: Labels) => boolean {
  if (visibleClusters(ctx.actor) === "all") return () => true
  const slugs = new Set(clusters.map((one) => one.slug))
  return ({ cluster }) => cluster !== undefined && slugs.has(cluster)
}

function readHistory(asked: Asked): Promise<History> {
  const { readChanges } = asked.signal
  return readChanges && asked.cluster
    ? fromChanges({ ...asked, cluster: asked.cluster, readChanges })
    : fromBuckets(asked)
}

function counts(tried: readonly Tried[], to: number) {
  const tallies = tried.flatMap(({ history }) => history.series.map((one) => one.tally))
  const sum = (of: (one: Tally) => number) => tallies.reduce((total, one) => total + of(one), 0)
  return {
    series: tallies.length,
    fired: sum((one) => one.fired),
    firedSeries: sum((one) => Number(one.fired > 0)),
    short: sum((one) => one.short),
    firingMs: sum((one) => one.firingMs(to)),
  }
}

async function noisiest(tried: readonly Tried[], to: number): Promise<BackTestSeries[]> {
  const all = tried.flatMap(({ cluster, history }) =>
    history.series.map(({ key, labels, tally }) => ({ cluster, history, key, labels, tally })),
  )
  const first = all
    .sort(
      ({ tally: a }, { tally: b }) =>
        b.fired - a.fired || b.firingMs(to) - a.firingMs(to) || b.peak - a.peak || 0,
    )
    .slice(0, MAX_SHOWN)
  const shown = new Map<History, Awaited<ReturnType<History["show"]>>>()
  for (const [history, chosen] of Map.groupBy(first, (one) => one.history))
    shown.set(history, await history.show(chosen.map((one) => one.key)))
  return first.map(({ cluster, history, key, labels, tally }) => {
    const { intervals = [], at = [], values = [] } = shown.get(history)?.get(key) ?? {}
    return { cluster, labels, fired: tally.fired, firingMs: tally.firingMs(to), intervals, at, values }
  })
}

async function readClusters(ctx: Context): Promise<NonNullable<Asked["cluster"]>[]> {
  const visible = visibleClusters(ctx.actor)
  return ctx.store.prisma.cluster.findMany({
    where: visible === "all" ? {} : { slug: { in: [...visible] } },
    select: { id: true, slug: true, name: true, system: true, environment: true, intervalMs: true },
    orderBy: { id: "asc" },
  })
}
