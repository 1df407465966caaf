import type { Context } from "#server/context.ts"
import { readCommits } from "#server/store/index.ts"

/** How far back commits are looked at: a consumer with the default settings commits every 5 s. */
const WINDOW_MS = 60_000

/**
 * Milliseconds since the stored commits of a group last moved; null: not within the last minute. A group without members
 * whose commits move is read by assign(), which shows no member, or has only just been stopped.
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
  const series = await readCommits(ctx.store, { ...span, groupId: group.id })
  const moves = series.flatMap(({ at, offsets }) =>
    at.filter((moment, i) => i > 0 && moment > span.from && differ(offsets[i - 1], offsets[i])),
  )
  return moves.length === 0 ? null : Math.max(0, now - Math.max(...moves))
}

function differ(one: readonly (number | null)[] = [], other: readonly (number | null)[] = []): boolean {
  return other.some((offset, i) => offset !== null && one[i] !== null && offset !== one[i])
}
