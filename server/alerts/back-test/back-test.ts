import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { LEVEL_MS, readSignalBuckets, type SignalLevel, signalLevelFor } from "#server/store/index.ts"
import { watchesCluster, watchesSeries } from "../engine/active-rules.ts"
import type { Sample, Value } from "../machine.ts"
import { type Labels, labels as labelsSchema } from "../matcher.ts"
import type { Rule } from "../rule.ts"
import { checkedRule } from "../rules/check-rule.ts"
import { findSignal } from "../signals/index.ts"
import type { RoundCluster, Series, Signal } from "../signals/signal.ts"
import { type Interval, intervalsOf, sampled } from "./intervals.ts"

const HOUR_MS = 3_600_000
/** Of a chart; more cannot be told apart. */
const MAX_BUCKETS = 1500
/** Series whose history is sent for the chart. */
const MAX_SHOWN = 20
const SHORT_MS = 120_000

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

interface Judged extends BackTestSeries {
  /** For the order of what never fired. */
  peak: number
}

/**
 * What a rule would have done on the history of the clusters that one may see: the same state machine that decides live,
 * on the values that it would have seen. Values of a bucket stand for all of it: the last one, or the worst one for rules
 * that fire at once, so that a spike between is not missed.
 */
export async function backTest(ctx: Context, input: z.output<typeof backTestInput>): Promise<BackTest> {
  const { rule: tried, range } = input
  const signal = findSignal(tried.signal)
  if (!signal) throw new DomainError("bad_input", `There is no signal "${tried.signal}".`)
  const to = ctx.now()
  const from = to - RANGES[range]
  const visible = await readClusters(ctx)
  const clusters = visible.filter((cluster) => watchesCluster(tried.scope, cluster))
  const isShown = shownOf(ctx, visible)
  const places = signal.of === "signalbox" ? [null] : clusters
  const histories: History[] = []
  for (const cluster of places)
    histories.push(await readHistory(ctx, { signal, cluster, rule: tried, from, to, isShown }))
  const judged = histories.flatMap((one) => one.judged)
  const begins = histories.flatMap((one) => (one.begins === null ? [] : [one.begins]))
  const judgedAt = histories.find((one) => one.begins !== null) ?? histories[0]
  return {
    ...{ from, to, parts: judgedAt?.parts ?? [] },
    begins: begins.length === 0 ? null : Math.min(...begins),
    ...summary(judged, to),
  }
}

/** Series of Signalbox itself are for whoever sees every cluster, but for those of a cluster that one sees. */
function shownOf(ctx: Context, clusters: readonly RoundCluster[]): (labels: Labels) => boolean {
  if (visibleClusters(ctx.actor) === "all") return () => true
  const slugs = new Set(clusters.map((one) => one.slug))
  return ({ cluster }) => cluster !== undefined && slugs.has(cluster)
}

function summary(judged: Judged[], to: number): Omit<BackTest, "from" | "to" | "parts" | "begins"> {
  const all = judged.flatMap((one) => one.intervals)
  const firing = all.filter(({ state }) => state === "firing")
  const lasted = (one: Interval) => (one.to ?? to) - one.from
  const order = judged.toSorted((a, b) => b.fired - a.fired || b.firingMs - a.firingMs || b.peak - a.peak)
  return {
    series: judged.length,
    fired: firing.length,
    firedSeries: judged.filter((one) => one.fired > 0).length,
    short: firing.filter((one) => one.to !== null && lasted(one) < SHORT_MS).length,
    firingMs: firing.reduce((sum, one) => sum + lasted(one), 0),
    noisiest: order.slice(0, MAX_SHOWN).map(({ peak: _, ...one }) => one),
    any: union(firing),
    pending: union(all.filter(({ state }) => state === "pending")),
  }
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

interface Asked {
  signal: Signal
  cluster: RoundCluster | null
  rule: Rule
  from: number
  to: number
  /** Asked of series of Signalbox itself, by their labels. */
  isShown: (labels: Labels) => boolean
}

interface History {
  judged: Judged[]
  begins: number | null
  parts: BackTest["parts"]
}

function readHistory(ctx: Context, asked: Asked): Promise<History> {
  const { signal, cluster } = asked
  return signal.readChanges && cluster
    ? fromChanges(ctx, { ...asked, signal, cluster })
    : fromBuckets(ctx, asked)
}

/** From exact changes. */
async function fromChanges(ctx: Context, asked: Asked & { cluster: RoundCluster }): Promise<History> {
  const { signal, cluster, rule: tried, from, to } = asked
  const all = (await signal.readChanges?.({ store: ctx.store, cluster, from, to })) ?? []
  const watched = all.filter(({ series }) => watchesSeries(tried.scope, signal.subject, series))
  const judged = watched.map(({ series, at, values }) => {
    const samples = sampled({ at, values }, { from, to }, tried)
    return judgedSeries(samples, { series, cluster, rule: tried, to, shown: { at, values } })
  })
  const begins = Math.min(...watched.flatMap(({ at }) => at.slice(0, 1)))
  return {
    judged,
    begins: Number.isFinite(begins) ? Math.max(begins, from) : null,
    parts: [{ from, to, resolutionMs: 0 }],
  }
}

/** From the values of each minute, or each ten minutes where minutes are not kept that long. */
async function fromBuckets(ctx: Context, asked: Asked): Promise<History> {
  const { signal, cluster, rule: tried, from, to } = asked
  const clusterId = cluster?.id ?? 0
  const kept = { now: to, keep: ctx.store.keep }
  const level: SignalLevel = signalLevelFor({ from, to, maxBuckets: MAX_BUCKETS }, kept)
  const stepMs = LEVEL_MS[level]
  const [buckets, names] = await Promise.all([
    readSignalBuckets(ctx.store.pool, { clusterId, signal: signal.id, level, from, to }),
    readNames(ctx, { clusterId, subject: signal.subject }),
  ])
  // The buckets that are not rolled up yet are read as they are.
  const last = buckets.at(-1)
  const rest =
    level === "10m"
      ? await readSignalBuckets(ctx.store.pool, {
          clusterId,
          signal: signal.id,
          level: "1m",
          from: last ? last.at + stepMs : Math.max(from, to - HOUR_MS),
          to,
        })
      : []
  const worst = tried.forMs < stepMs ? worstOf(tried) : "last"
  const bySeries = new Map<number, Sample[]>()
  for (const bucket of [...buckets, ...rest]) {
    const column = bucket[worst]
    const end = bucket.at
    bucket.ids.forEach((id, i) => {
      const value = column[i]
      const samples = bySeries.get(id) ?? []
      if (samples.length === 0) bySeries.set(id, samples)
      samples.push({ at: end, value: value === undefined || Number.isNaN(value) ? null : value })
    })
  }
  const judged = [...bySeries].flatMap(([id, samples]) => {
    const series = names.get(id)
    if (!series || !watchesSeries(tried.scope, signal.subject, series)) return []
    if (cluster === null && !asked.isShown(series.labels)) return []
    const shown = { at: samples.map((one) => one.at), values: samples.map((one) => one.value) }
    return [judgedSeries(samples, { series, cluster, rule: tried, to, shown })]
  })
  const parts = [{ from, to: rest[0]?.at ?? to, resolutionMs: stepMs }]
  if (rest[0]) parts.push({ from: rest[0].at, to, resolutionMs: LEVEL_MS["1m"] })
  return { judged, begins: (buckets[0] ?? rest[0])?.at ?? null, parts }
}

function worstOf({ condition }: Rule): "high" | "low" | "last" {
  if (condition.op === "in") return "last"
  return condition.op === ">" || condition.op === ">=" ? "high" : "low"
}

function judgedSeries(
  samples: readonly Sample[],
  of: {
    series: Pick<Series, "labels">
    cluster: RoundCluster | null
    rule: Rule
    to: number
    shown: { at: readonly number[]; values: readonly Value[] }
  },
): Judged {
  const intervals = intervalsOf(samples, of.rule)
  const firing = intervals.filter((one) => one.state === "firing")
  return {
    cluster: of.cluster?.slug ?? null,
    labels: of.series.labels,
    fired: firing.length,
    firingMs: firing.reduce((sum, one) => sum + (one.to ?? of.to) - one.from, 0),
    intervals,
    at: [...of.shown.at],
    values: [...of.shown.values],
    peak: peakOf(samples, of.rule),
  }
}

/** How close it came: the highest value of a rule on high values, the negative of the lowest of one on low values. */
function peakOf(samples: readonly Sample[], { condition }: Rule): number {
  if (condition.op === "in") return 0
  const sign = condition.op === ">" || condition.op === ">=" ? 1 : -1
  let peak = Number.NEGATIVE_INFINITY
  for (const { value } of samples) if (typeof value === "number" && value * sign > peak) peak = value * sign
  return peak
}

async function readClusters(ctx: Context): Promise<RoundCluster[]> {
  const visible = visibleClusters(ctx.actor)
  return ctx.store.prisma.cluster.findMany({
    where: visible === "all" ? {} : { slug: { in: [...visible] } },
    select: { id: true, slug: true, name: true, system: true, environment: true },
    orderBy: { id: "asc" },
  })
}

async function readNames(
  ctx: Context,
  of: { clusterId: number; subject: string },
): Promise<Map<number, Pick<Series, "labels">>> {
  const rows = await ctx.store.prisma.signalSeries.findMany({ where: of, select: { id: true, labels: true } })
  return new Map(rows.map(({ id, labels }) => [id, { labels: labelsSchema.parse(labels) }]))
}
