import { z } from "zod"
import { visibleClusters } from "#server/access/index.ts"
import { slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { growthByMinute, type MinuteSpan, minuteAt, sweptMinutes } from "#server/store/index.ts"
import { type PlanWrite, readPlanWrites } from "../own-writes.ts"
import type { ClusterRates } from "../views.ts"
import { SPARK_MINUTES } from "./sparks.ts"

export const clusterRatesInput = z.object({ clusters: z.array(slug).max(100).default([]) })

/**
 * Messages a second in and out of clusters (all that the actor may see, or some of them) over the last hour, one value a
 * minute, without internal destinations. What offset plans of Signalbox skipped was not consumed.
 */
export async function clusterRates(
  ctx: Context,
  input: z.output<typeof clusterRatesInput>,
): Promise<ClusterRates[]> {
  const visible = visibleClusters(ctx.actor)
  const asked = (one: string) => input.clusters.length === 0 || input.clusters.includes(one)
  const all = await ctx.store.prisma.cluster.findMany({ select: { id: true, slug: true } })
  const clusters = all.filter((one) => asked(one.slug) && (visible === "all" || visible.includes(one.slug)))
  const to = minuteAt(ctx.now()) - 1
  const clusterIds = clusters.map((one) => one.id)
  const span: MinuteSpan = { clusterIds, from: to - SPARK_MINUTES + 1, to }
  const [written, consumed, swept, skipped] = await Promise.all([
    growthByMinute(ctx.store, "written", span),
    growthByMinute(ctx.store, "consumed", span),
    // Growth needs the minute before as well.
    sweptMinutes(ctx.store, { ...span, from: span.from - 1 }),
    readPlanWrites(ctx.store, { clusterIds, from: span.from * 60_000, to: ctx.now() }),
  ])
  return clusters.map(({ id, slug }) => {
    const minutes = swept.get(id) ?? new Map<number, number>()
    const line = (grown: Map<number, number | null>) =>
      Array.from({ length: SPARK_MINUTES }, (_, i) => {
        const minute = span.from + i
        const [since, until] = [minutes.get(minute - 1), minutes.get(minute)]
        const messages = grown.get(minute)
        if (since === undefined || until === undefined || messages === null) return null
        return ((messages ?? 0) * 1000) / (until - since)
      })
    const valuesOf = (rows: typeof written) =>
      new Map(rows.filter((row) => row.id === id).map((row) => [row.minute, row.value]))
    const read = valuesOf(consumed)
    for (const one of skipped) if (one.clusterId === id) leaveOut(read, one)
    return { cluster: slug, produced: line(valuesOf(written)), consumed: line(read) }
  })
}

/** A write is seen in its own minute or, by the sweep after it, in the next. */
function leaveOut(grown: Map<number, number | null>, { at, from, offset }: PlanWrite): void {
  const skipped = (offset ?? 0) - (from ?? Number.POSITIVE_INFINITY)
  const first = minuteAt(at)
  const seen = [first, first + 1].find((minute) => (grown.get(minute) ?? 0) >= skipped)
  if (skipped > 0 && seen !== undefined) grown.set(seen, (grown.get(seen) ?? 0) - skipped)
}
