import { z } from "zod"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { brokerName, time } from "#server/inputs.ts"
import { gridFacts, growthOf, ratesOf } from "#server/store/index.ts"
import { type GroupPoint, groupPoints } from "../group-points.ts"
import { type GroupSeries, readGroupSeries } from "../group-series.ts"
import { OwnMoves, readPlanWrites } from "../own-writes.ts"
import { passedMoments } from "../passed-at.ts"
import { lagAhead } from "../trend.ts"
import type { LagHistory } from "../views.ts"
import { findGroup, groupInput } from "./groups.ts"

export const historyInput = groupInput.extend({
  destination: brokerName.optional(),
  from: time,
  to: time,
  points: z.number().int().min(2).max(1000).default(300),
})

const PATIENCE_MS = 3000

/**
 * Lag, time lag, rates and losses of a group over time. Where no sweep was stored, or a part is unknown, there is a gap,
 * never a zero; the sum of what is known stands in `lagAtLeast` there.
 */
export async function lagHistory(ctx: Context, input: z.output<typeof historyInput>): Promise<LagHistory> {
  const found = await openHistory(ctx, input)
  const { series, clusterId } = found
  const destinations = new Map(series.pairs.map((pair) => [pair.destinationId, pair]))
  const broker = await openBroker(ctx, input.cluster).catch(() => null)
  const [passed, rates, forecast] = await Promise.all([
    passedMoments(
      series,
      { store: ctx.store, clusterId, broker, destinations },
      AbortSignal.timeout(PATIENCE_MS),
    ),
    ratesOfGroup(ctx, found),
    readForecast(ctx, found.groupId),
  ])
  const points = groupPoints(series, passed)
  const whole = (of: (point: GroupPoint) => number | null) =>
    points.map((point) => (point && point.known > 0 && point.unknown === 0 ? of(point) : null))
  const lag = whole((point) => point.lag)
  return {
    ...gridFacts(series.grid),
    series: {
      lag,
      lagAtLeast: points.map((point) => (point && point.known > 0 && point.unknown > 0 ? point.lag : null)),
      timeLag: whole((point) => point.timeLag),
      ...rates,
      lost: whole((point) => point.lost),
    },
    ahead: input.destination === undefined ? lagAhead(series, lag) : [],
    forecast,
  }
}

export interface FoundHistory {
  clusterId: number
  intervalMs: number
  groupId: number
  group: string
  series: GroupSeries
}

export async function openHistory(ctx: Context, input: z.output<typeof historyInput>): Promise<FoundHistory> {
  const { cluster, group } = await findGroup(ctx, input)
  const range = { clusterId: cluster.id, intervalMs: cluster.intervalMs, groupId: group.id }
  const { destination, from, to, points } = input
  const series = await readGroupSeries(ctx.store, { ...range, destination, from, to, points })
  return { ...range, group: group.name, series }
}

/** Messages a second written to the partitions that the group has committed on, and read from them. */
async function ratesOfGroup(ctx: Context, found: FoundHistory) {
  const { series, clusterId, group } = found
  const { grid, pairs } = series
  const { from, to } = grid.span
  const writes = await readPlanWrites(ctx.store, { clusterIds: [clusterId], group, from, to })
  const produced = pairs.map((pair) => {
    const counts = (partition: number, since: number) =>
      pair.committed.valueAt(pair.committed.indexAt(since), partition) !== undefined
    return growthOf(pair.ends, grid, { counts })
  })
  const consumed = pairs.map((pair) => {
    const own = new OwnMoves(writes, pair.destinationId)
    return growthOf(pair.committed, grid, { shifts: (partition, move) => own.of(partition, move) })
  })
  return { produced: ratesOf(produced, grid), consumed: ratesOf(consumed, grid) }
}

/** When the group will have caught up, and when retention deletes its oldest unread message, as of the last sweep. */
async function readForecast(ctx: Context, groupId: number): Promise<LagHistory["forecast"]> {
  const state = await ctx.store.prisma.groupState.findUnique({
    where: { groupId },
    select: { caughtUpInMs: true, lostInMs: true, sampledAt: true },
  })
  const future = (ms: bigint | null | undefined) =>
    state && typeof ms === "bigint" && ms > 0n ? state.sampledAt.getTime() + Number(ms) : null
  return { caughtUpAt: future(state?.caughtUpInMs), lostAt: future(state?.lostInMs) }
}
