import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import type { Store } from "#server/store/index.ts"
import type { TraceRetention } from "../storing/partitions.ts"
import { msOfNs, nanoseconds } from "../times.ts"

const DAY_MS = 86_400_000
const GB = 1e9

/** Anything that runs SQL. */
type Pool = Pick<Store, "pool">

/** What is kept now: by the settings page, else by the environment; null before a receiver has started. */
export async function readRetention({ pool }: Pool): Promise<(TraceRetention & { source: string }) | null> {
  const { rows } = await pool.query<{ source: string; days: number; bytes: string }>(
    "select source, days, bytes from traces.keep order by source = 'page' desc limit 1",
  )
  return rows.map(({ source, days, bytes }) => ({ source, days, bytes: Number(bytes) }))[0] ?? null
}

/** Writes down what a receiver's environment says, and returns what holds. */
export async function declareRetention(
  store: Pool,
  { days, bytes }: TraceRetention,
): Promise<TraceRetention> {
  await store.pool.query(
    `insert into traces.keep (source, days, bytes) values ('environment', $1, $2)
     on conflict (source) do update set days = excluded.days, bytes = excluded.bytes`,
    [days, Math.round(bytes)],
  )
  return (await readRetention(store)) ?? { days, bytes }
}

export const setRetentionInput = z.object({
  /** null: as the environment says. */
  keep: z
    .object({
      days: z.number().int().min(1, "Keep at least a day.").max(3650),
      gigabytes: z.number().min(0.1, "Keep at least 0.1 GB.").max(1_000_000),
    })
    .nullable(),
})

/** Says how long and how much is kept. Receivers follow within a minute. */
export async function setRetention(
  ctx: Context,
  { keep }: z.output<typeof setRetentionInput>,
): Promise<void> {
  const before = await readRetention(ctx.store)
  await ctx.store.prisma.$transaction(async (tx) => {
    if (keep)
      await tx.$executeRaw`insert into traces.keep (source, days, bytes)
        values ('page', ${keep.days}, ${BigInt(Math.round(keep.gigabytes * GB))})
        on conflict (source) do update set days = excluded.days, bytes = excluded.bytes`
    else await tx.$executeRaw`delete from traces.keep where source = 'page'`
    await audit(tx, ctx, {
      action: "trace.retention",
      cluster: null,
      target: "spans",
      ...(before ? { before: { days: before.days, gigabytes: before.bytes / GB } } : {}),
      ...(keep ? { after: keep } : {}),
      result: "ok",
    })
  })
}

export interface StorageUse {
  keep: (TraceRetention & { source: string }) | null
  /** On disk, indexes included. */
  bytes: number
  spans: number
  /** The start of the oldest span, ms; null: none is stored. */
  oldest: number | null
  /** Of the last whole day, from its spans and the mean size of a span. */
  spansADay: number
  bytesADay: number
  /** Days after which the size would be reached at this rate; null: never, or nothing is kept yet. */
  daysUntilFull: number | null
}

/** What spans take, and how that grows. */
export async function storageUse(ctx: Pick<Context, "store" | "now">): Promise<StorageUse> {
  const { store } = ctx
  const [keep, size, all, day] = await Promise.all([
    readRetention(store),
    store.pool.query<{ bytes: string | null }>(
      `select sum(pg_total_relation_size(oid)) as bytes from pg_class
       where relnamespace = 'traces'::regnamespace and relkind = 'r'`,
    ),
    store.pool.query<{ spans: string | null; oldest: string | null }>(
      "select sum(spans) as spans, min(at) as oldest from traces.chunk",
    ),
    store.pool.query<{ spans: string | null }>(
      "select sum(spans) as spans from traces.chunk where at >= $1",
      [nanoseconds(ctx.now() - DAY_MS)],
    ),
  ])
  const bytes = Number(size.rows[0]?.bytes ?? 0)
  const spans = Number(all.rows[0]?.spans ?? 0)
  const oldest = all.rows[0]?.oldest
  const spansADay = Number(day.rows[0]?.spans ?? 0)
  const bytesADay = spans === 0 ? 0 : Math.round((bytes / spans) * spansADay)
  const left = keep && bytesADay > 0 ? Math.max(0, keep.bytes - bytes) / bytesADay : null
  return {
    ...{ keep, bytes, spans, spansADay, bytesADay },
    oldest: oldest ? msOfNs(oldest) : null,
    daysUntilFull: left,
  }
}
