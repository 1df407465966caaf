import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import type { Place } from "#server/place.ts"
import { readDocument } from "#server/store/index.ts"
import type { OffsetPlan } from "#server/store/prisma/client.ts"
import { planState, scopeInput, storedLine, strategyInput } from "./model.ts"

/** A plan as it is stored, with its documents read. */
export type StoredPlan = Omit<OffsetPlan, keyof z.output<typeof documents>> & z.output<typeof documents>

const documents = z.object({
  strategy: strategyInput,
  scope: scopeInput,
  state: planState,
  lines: z.array(storedLine),
  warnings: z.array(z.string()),
})

const positions = z.array(z.object({ destination: z.string(), partition: z.number(), offset: z.number() }))

/** A plan of this cluster. Rejects with `not_found`. */
export async function readPlan(
  ctx: Context,
  key: { clusterId: number; group?: string | undefined; plan: string },
): Promise<StoredPlan> {
  const { clusterId, group, plan: id } = key
  const row = await ctx.store.prisma.offsetPlan.findFirst({
    where: { id, clusterId, ...(group === undefined ? {} : { group }) },
  })
  if (!row) throw new DomainError("not_found", "Plan not found.")
  return toPlan(row)
}

/** Throws `internal` for a plan that this version cannot read. */
export function toPlan(row: OffsetPlan): StoredPlan {
  return { ...row, ...readDocument(documents, row, `The plan ${row.id}`) }
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
  if (!row) throw new DomainError("not_found", `Snapshot not found for ${of.group}.`)
  return readDocument(positions, row.positions, `The snapshot ${id}`)
}
