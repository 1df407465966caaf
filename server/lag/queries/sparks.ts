import type { Context } from "#server/context.ts"
import { lagByMinute, minuteAt } from "#server/store/index.ts"

export const SPARK_MINUTES = 60

/** Total lag of each group, one value a minute over the last hour; null: no sweep, or a part is unknown. */
export async function lagSparks(
  ctx: Context,
  groups: readonly { id: number; cluster_id: number }[],
): Promise<Map<number, (number | null)[]>> {
  const to = minuteAt(ctx.now()) - 1
  const from = to - SPARK_MINUTES + 1
  const clusterIds = [...new Set(groups.map((one) => one.cluster_id))]
  const ids = groups.map((one) => one.id)
  const byGroup = Map.groupBy(await lagByMinute(ctx.store, ids, { clusterIds, from, to }), (row) => row.id)
  return new Map(
    ids.map((id) => {
      const values = new Map((byGroup.get(id) ?? []).map((row) => [row.minute, row.value]))
      return [id, Array.from({ length: SPARK_MINUTES }, (_, i) => values.get(from + i) ?? null)]
    }),
  )
}
