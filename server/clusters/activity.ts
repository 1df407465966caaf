import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { brokerName, time } from "#server/inputs.ts"
import { gridFacts, growthOf, Holder, openGrid, ratesOf, readLogs } from "#server/store/index.ts"
import { readCluster, slug } from "./rows.ts"
import type { Series } from "./views.ts"

export const activityInput = z.object({
  cluster: slug,
  name: brokerName.min(1),
  from: time,
  to: time,
  points: z.number().int().min(2).max(1000).default(300),
})

/** Messages produced per second and messages kept, over time. */
export async function destinationActivity(
  ctx: Context,
  input: z.output<typeof activityInput>,
): Promise<Series> {
  const cluster = await readCluster(ctx, input.cluster)
  const found = await ctx.store.prisma.destination.findFirst({
    where: { clusterId: cluster.id, name: input.name, deletedAt: null },
    select: { id: true },
  })
  if (!found) throw new DomainError("not_found", `${input.name} does not exist on ${cluster.name}.`)
  const { from, to, points } = input
  const range = { clusterId: cluster.id, intervalMs: cluster.intervalMs, from, to, points }
  const grid = await openGrid(ctx.store, range)
  const [log] = await readLogs(ctx.store, { ...grid.span, destinationIds: [found.id] })
  const starts = new Holder({ at: log?.at ?? [], rows: log?.starts ?? [] }, grid)
  const ends = new Holder({ at: log?.at ?? [], rows: log?.ends ?? [] }, grid)
  return {
    ...gridFacts(grid),
    series: {
      produced: ratesOf([growthOf(ends, grid)], grid),
      kept: grid.sampledAt.map((moment) => (moment === null ? null : keptAt({ starts, ends }, moment))),
    },
  }
}

/** Messages between start and end of all partitions; null when one of them is unknown. */
function keptAt(log: { starts: Holder; ends: Holder }, moment: number): number | null {
  const row = log.ends.indexAt(moment)
  if (row < 0) return null
  let kept = 0
  for (let partition = 0; partition < log.ends.widthAt(row); partition++) {
    const start = log.starts.valueAt(row, partition)
    const end = log.ends.valueAt(row, partition)
    if (typeof start !== "number" || typeof end !== "number") return null
    kept += end - start
  }
  return kept
}
