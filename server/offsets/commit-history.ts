import type { Context } from "#server/context.ts"
import { type CommitSeries, readCommits } from "#server/store/index.ts"

/** How far back commits are looked at: a consumer with the default settings commits every 5 s. */
const WINDOW_MS = 60_000

/**
 * Milliseconds since the stored commits of a group were last moved by somebody else than Signalbox; null: not within the
 * last minute. A group without members whose commits move is read by assign(), which shows no member, or has only just
 * been stopped.
 */
export async function lastMoved(
  ctx: Context,
  of: { clusterId: number; group: string },
): Promise<number | null> {
  const group = await ctx.store.prisma.consumerGroup.findFirst({
    where: { clusterId: of.clusterId, name: of.group, deletedAt: null },
    select: { id: true },
  })
  if (!group) return null
  const now = ctx.now()
  const span = { clusterId: of.clusterId, from: now - WINDOW_MS, to: now, stepMs: 1000 }
  const [series, own] = await Promise.all([
    readCommits(ctx.store, { ...span, groupId: group.id }),
    readWritten(ctx, { ...of, since: now - 2 * WINDOW_MS }),
  ])
  const moves = series.flatMap((one) => movesOf(one, span.from, own))
  return moves.length === 0 ? null : Math.max(0, now - Math.max(...moves))
}

/** Moments after `from` at which a position changed to what Signalbox did not write. */
function movesOf({ destinationId, at, offsets }: CommitSeries, from: number, own: Set<string>): number[] {
  return at.filter((moment, i) => {
    if (i === 0 || moment <= from) return false
    return (offsets[i] ?? []).some((offset, partition) => {
      const before = offsets[i - 1]?.[partition]
      const isKnown = offset !== null && before !== null
      return isKnown && offset !== before && !own.has(`${destinationId}/${partition}/${offset}`)
    })
  })
}

/** The positions that plans wrote lately, as destination/partition/offset. A deleted commit is stored as -1. */
async function readWritten(
  ctx: Context,
  of: { clusterId: number; group: string; since: number },
): Promise<Set<string>> {
  const { rows } = await ctx.store.pool.query<{ id: number; partition: number; to: string | null }>(
    `select d.id, x.partition, x."to" from offset_plan p
     cross join lateral jsonb_to_recordset(p.lines) as x(destination text, partition int, "to" numeric)
     join destination d on d.cluster_id = p.cluster_id and d.name = x.destination and d.deleted_at is null
     where p.cluster_id = $1 and p."group" = $2 and p.applied_at >= $3`,
    [of.clusterId, of.group, new Date(of.since)],
  )
  return new Set(rows.map((row) => `${row.id}/${row.partition}/${row.to ?? -1}`))
}
