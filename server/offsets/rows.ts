import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { OffsetPlan } from "#server/store/prisma/client.ts"
import type { Place, PlanLine, PlanState, Scope, Strategy } from "./model.ts"

/** A plan as it is stored, with its documents typed. Only this area writes them. */
export interface StoredPlan extends Omit<OffsetPlan, "strategy" | "scope" | "state" | "lines" | "warnings"> {
  strategy: Strategy
  scope: Scope
  state: PlanState
  lines: PlanLine[]
  warnings: string[]
}

/** A plan of this cluster. Rejects with `not_found`. */
export async function readPlan(
  ctx: Context,
  key: { clusterId: number; group?: string | undefined; plan: string },
): Promise<StoredPlan> {
  const { clusterId, group, plan: id } = key
  const row = await ctx.store.prisma.offsetPlan.findFirst({
    where: { id, clusterId, ...(group === undefined ? {} : { group }) },
  })
  if (!row) throw new DomainError("not_found", "There is no such plan (any more).")
  return toPlan(row)
}

export function toPlan(row: OffsetPlan): StoredPlan {
  return {
    ...row,
    strategy: row.strategy as unknown as Strategy,
    scope: row.scope as unknown as Scope,
    state: row.state as PlanState,
    lines: row.lines as unknown as PlanLine[],
    warnings: row.warnings as unknown as string[],
  }
}

export interface SnapshotOf {
  ctx: Context
  clusterId: number
  group: string
}

/** Where the group stood then. Rejects with `not_found`. */
export async function readSnapshot(of: SnapshotOf, id: string): Promise<(Place & { offset: number })[]> {
  const row = await of.ctx.store.prisma.offsetSnapshot.findFirst({
    where: { id, clusterId: of.clusterId, group: of.group },
    select: { positions: true },
  })
  if (!row) throw new DomainError("not_found", `There is no such snapshot of ${of.group} (any more).`)
  return row.positions as unknown as (Place & { offset: number })[]
}
