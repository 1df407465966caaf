import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { readSignalBuckets, readSignalLabels, type StoredBucket } from "#server/store/index.ts"

const MINUTE_MS = 60_000
const SHOWN_MINUTES = 60
/** Rates of so many minutes are compared: at the end of the hour, and before it. */
const COMPARED_MINUTES = 5
const MAX_GROWING = 6

export const trendsInput = z.object({ clusters: z.array(slug).max(100).default([]) })

/** A destination to which more is produced than earlier in the hour. */
export interface Growing {
  cluster: string
  destination: string
  /** Messages a second now, and at the beginning of what is known of the last hour. */
  now: number
  before: number
}

/** What the signals said over the last hour, minute by minute, over all clusters asked for. null: a cluster said nothing. */
export interface Trends {
  /** Messages that groups have not read. */
  unread: (number | null)[]
  /** Messages that groups lost within ten minutes. */
  lost: (number | null)[]
  /** Dead letters a second. */
  deadLetters: (number | null)[]
  /** Alerts that fired. */
  firing: (number | null)[]
  /** The fastest first. */
  growing: Growing[]
}

/** How the numbers of the overview came about: all clusters that the actor may see, or some of them. */
export async function readTrends(ctx: Context, input: z.output<typeof trendsInput>): Promise<Trends> {
  const visible = visibleClusters(ctx.actor)
  const all = await ctx.store.prisma.cluster.findMany({ select: { id: true, slug: true } })
  const clusters = all.filter(
    (one) =>
      (visible === "all" || visible.includes(one.slug)) &&
      (input.clusters.length === 0 || input.clusters.includes(one.slug)),
  )
  const to = Math.floor(ctx.now() / MINUTE_MS) * MINUTE_MS
  const from = to - SHOWN_MINUTES * MINUTE_MS
  const read = async (signal: string) =>
    new Map(
      await Promise.all(
        clusters.map(async ({ id }) => {
          const span = { clusterId: id, signal, level: "1m" as const, from, to }
          return [id, await readSignalBuckets(ctx.store.pool, span)] as const
        }),
      ),
    )
  const [lag, lost, dead, rates] = await Promise.all(
    ["lag", "lost", "dead-letter-rate", "produce-rate"].map(read),
  )
  const clusterIds = clusters.map(({ id }) => id)
  return {
    unread: sumByMinute(lag, from),
    lost: sumByMinute(lost, from),
    deadLetters: sumByMinute(dead, from),
    firing: await firingByMinute(ctx, clusterIds, from),
    growing: await growingOf(ctx, clusters, rates),
  }
}

/** The sum over clusters and series. A series of which nothing is known is left out; a cluster that said nothing makes a gap. */
function sumByMinute(
  buckets: ReadonlyMap<number, readonly StoredBucket[]> | undefined,
  from: number,
): (number | null)[] {
  const lines = [...(buckets?.values() ?? [])].map((of) => {
    const known = new Map(of.map(({ at, last }) => [Math.round((at - from) / MINUTE_MS), sumOf(last)]))
    return Array.from({ length: SHOWN_MINUTES }, (_, minute) => known.get(minute) ?? null)
  })
  // A cluster without any history, as one that was just connected, does not hide that of the others.
  const told = lines.filter((line) => line.some((value) => value !== null))
  return Array.from({ length: SHOWN_MINUTES }, (_, minute) =>
    told.length === 0
      ? null
      : told.reduce<number | null>((sum, line) => {
          const value = line[minute] ?? null
          return sum === null || value === null ? null : sum + value
        }, 0),
  )
}

/** null: nothing of it is known. */
function sumOf(values: Float64Array): number | null {
  const known = values.filter((value) => !Number.isNaN(value))
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

async function firingByMinute(ctx: Context, clusterIds: readonly number[], from: number): Promise<number[]> {
  const { rows } = await ctx.store.pool.query<{ fired_at: Date; resolved_at: Date | null }>(
    `select fired_at, resolved_at from alert
     where fired_at is not null and (resolved_at is null or resolved_at >= $2::timestamptz) and cluster_id = any($1)`,
    [clusterIds, new Date(from).toISOString()],
  )
  return Array.from({ length: SHOWN_MINUTES }, (_, minute) => {
    const end = from + (minute + 1) * MINUTE_MS
    return rows.filter(
      (row) => row.fired_at.getTime() < end && (row.resolved_at === null || row.resolved_at.getTime() >= end),
    ).length
  })
}

async function growingOf(
  ctx: Context,
  clusters: readonly { id: number; slug: string }[],
  rates: ReadonlyMap<number, readonly StoredBucket[]> | undefined,
): Promise<Growing[]> {
  const found = clusters.flatMap(({ id, slug: cluster }) => {
    const buckets = rates?.get(id) ?? []
    const now = meansOf(buckets.slice(-COMPARED_MINUTES))
    // Of less than two such spans nothing is compared with itself.
    const before = meansOf(buckets.slice(0, -COMPARED_MINUTES).slice(0, COMPARED_MINUTES))
    return [...now].flatMap(([series, rate]) => {
      const then = before.get(series)
      return then === undefined || rate <= then ? [] : [{ series, id, cluster, now: rate, before: then }]
    })
  })
  const growing = found.sort((a, b) => b.now - b.before - (a.now - a.before)).slice(0, MAX_GROWING)
  const named = await Promise.all(
    [...new Set(growing.map(({ id }) => id))].map((clusterId) =>
      readSignalLabels(ctx.store.pool, { clusterId, subject: "destination" }),
    ),
  )
  const labels = new Map(named.flatMap((one) => [...one]))
  return growing.flatMap(({ series, cluster, now, before }) => {
    const destination = labels.get(series)?.destination
    return destination === undefined ? [] : [{ cluster, now, before, destination }]
  })
}

/** Mean of what is known, by series. */
function meansOf(buckets: readonly StoredBucket[]): Map<number, number> {
  const sums = new Map<number, { sum: number; count: number }>()
  for (const { ids, last } of buckets)
    ids.forEach((id, i) => {
      const value = last[i] ?? Number.NaN
      if (Number.isNaN(value)) return
      const { sum, count } = sums.get(id) ?? { sum: 0, count: 0 }
      sums.set(id, { sum: sum + value, count: count + 1 })
    })
  return new Map([...sums].map(([id, { sum, count }]) => [id, sum / count]))
}
