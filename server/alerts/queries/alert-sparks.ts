import { z } from "zod"
import type { Context } from "#server/context.ts"
import { readDocument, readSignalBuckets, type Store } from "#server/store/index.ts"
import { type Drawn, drawnOf } from "../charts/drawn.ts"
import { rule as ruleSchema } from "../rule.ts"
import { visible } from "./visible.ts"

const SPAN_MS = 3_600_000

export const alertSparksInput = z.object({
  ids: z.array(z.string().regex(/^\d{1,18}$/, "The id of an alert is a number.")).max(200),
})

/** What the signal of an alert said in the last hour, a value a minute; null: unknown. */
export interface AlertSpark {
  id: string
  /** Of the signal: "Lag". */
  label: string
  values: (number | null)[]
  /** Where the rule fires; null: it decides by words. */
  threshold: number | null
}

interface Wanted extends Drawn {
  id: string
  clusterId: number
  key: string
}

/** For lists of alerts: each cluster's values of a signal are read once, however many alerts are about them. */
export async function alertSparks(
  ctx: Context,
  { ids }: z.output<typeof alertSparksInput>,
): Promise<AlertSpark[]> {
  const alerts = await ctx.store.prisma.alert.findMany({
    where: { id: { in: ids.map(BigInt) }, ...visible(ctx.actor) },
    select: { id: true, series: true, clusterId: true, rule: { select: { definition: true } } },
  })
  const wanted = alerts.flatMap(({ id, series, clusterId, rule }): Wanted[] => {
    const drawn = drawnOf(readDocument(ruleSchema, rule.definition, `The rule of alert ${id}`))
    if (!drawn) return []
    return [
      {
        ...drawn,
        id: String(id),
        key: series,
        clusterId: drawn.signal.of === "cluster" ? (clusterId ?? 0) : 0,
      },
    ]
  })
  const bySource = Map.groupBy(wanted, ({ clusterId, signal }) => `${clusterId} ${signal.id}`)
  const sparks = await Promise.all([...bySource.values()].map((some) => sparksOf(ctx.store, some, ctx.now())))
  return sparks.flat()
}

/** Of alerts on one signal of one cluster. */
async function sparksOf(store: Store, wanted: readonly Wanted[], now: number): Promise<AlertSpark[]> {
  const [first] = wanted
  if (!first) return []
  const { clusterId, signal } = first
  const [series, buckets] = await Promise.all([
    store.prisma.signalSeries.findMany({
      where: { clusterId, subject: signal.subject, key: { in: wanted.map(({ key }) => key) } },
      select: { id: true, key: true },
    }),
    readSignalBuckets(store.pool, {
      clusterId,
      signal: signal.id,
      level: "1m",
      from: now - SPAN_MS,
      to: now,
    }),
  ])
  const idOf = new Map(series.map(({ key, id }) => [key, id]))
  return wanted.flatMap(({ id, key, threshold }) => {
    const seriesId = idOf.get(key)
    if (seriesId === undefined) return []
    const values = buckets.map(({ ids, last }) => {
      const value = last[ids.indexOf(seriesId)]
      return value === undefined || !Number.isFinite(value) ? null : value
    })
    return [{ id, label: signal.label, values, threshold }]
  })
}
