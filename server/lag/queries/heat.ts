import type { z } from "zod"
import type { Context } from "#server/context.ts"
import { gridFacts } from "#server/store/index.ts"
import { standingAt } from "../group-series.ts"
import type { LagHeat } from "../views.ts"
import { type historyInput, openHistory } from "./history.ts"

/** Rows of one answer: the partitions with the highest lag. */
const MAX_PARTITIONS = 64
const MAX_POINTS = 120

/** Lag per partition of one destination over time; of many partitions, those that lagged most. */
export async function lagHeat(ctx: Context, input: z.output<typeof historyInput>): Promise<LagHeat> {
  const { series } = await openHistory(ctx, { ...input, points: Math.min(input.points, MAX_POINTS) })
  // Of several lives of a destination, the one that lives.
  const pair = series.pairs.findLast((one) => one.deletedAt === Number.POSITIVE_INFINITY)
  const rows = Array.from({ length: pair?.partitions ?? 0 }, () => [] as (number | null)[])
  for (const moment of series.grid.sampledAt)
    rows.forEach((row, partition) => {
      row.push(pair && moment !== null ? (standingAt(pair, partition, moment)?.lag ?? null) : null)
    })
  const most = rows.map((row) => row.reduce<number>((top, lag) => Math.max(top, lag ?? -1), -1))
  const partitions = rows
    .map((_, partition) => partition)
    .sort((a, b) => (most[b] ?? -1) - (most[a] ?? -1) || a - b)
    .slice(0, MAX_PARTITIONS)
    .sort((a, b) => a - b)
  return {
    ...gridFacts(series.grid),
    destination: pair?.name ?? input.destination ?? "",
    total: rows.length,
    partitions,
    lag: partitions.map((partition) => rows[partition] ?? []),
  }
}
