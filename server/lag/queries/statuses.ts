import { z } from "zod"
import type { Context } from "#server/context.ts"
import { GROUP_STATUSES, type GroupStatus } from "#server/group-status.ts"
import { time } from "#server/inputs.ts"
import { gridFacts, openGrid, readStatuses } from "#server/store/index.ts"
import { statusBands } from "../status-bands.ts"
import type { StatusHistory } from "../views.ts"
import { findGroup, groupInput } from "./groups.ts"

export const statusHistoryInput = groupInput.extend({
  from: time,
  to: time,
  points: z.number().int().min(2).max(1000).default(600),
})

const changeSchema = z.object({ at: z.number(), status: z.enum(GROUP_STATUSES) })

/**
 * The statuses of a group over time. They are stored from the first sweep on that knows of them; before that only the
 * present one is known, since its verdict says from when it holds.
 */
export async function statusHistory(
  ctx: Context,
  input: z.output<typeof statusHistoryInput>,
): Promise<StatusHistory> {
  const { cluster, group } = await findGroup(ctx, input)
  const { from, to, points } = input
  const grid = await openGrid(ctx.store, {
    clusterId: cluster.id,
    intervalMs: cluster.intervalMs,
    from,
    to,
    points,
  })
  const stored = await readStatuses(ctx.store, { clusterId: cluster.id, groupId: group.id, from, to })
  const changes = z.array(changeSchema).parse(stored)
  const known = changes.length > 0 ? changes : await present(ctx, group.id)
  const bands = statusBands(known, { at: grid.at, sampledAt: grid.sampledAt, stepMs: grid.span.stepMs })
  return { ...gridFacts(grid), bands, changes: known.filter((change) => change.at > from).reverse() }
}

async function present(ctx: Context, groupId: number): Promise<{ at: number; status: GroupStatus }[]> {
  const state = await ctx.store.prisma.groupState.findUnique({
    where: { groupId },
    select: { status: true, since: true },
  })
  return state ? [changeSchema.parse({ status: state.status, at: state.since.getTime() })] : []
}
