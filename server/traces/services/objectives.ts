import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { text } from "#server/inputs.ts"
import type { Store } from "#server/store/index.ts"
import type { RedSum } from "./red.ts"

/** What is promised of a service. */
export interface Objective {
  /** The share of calls that must be good, such as 0.999. */
  target: number
  /** A call that takes longer is not good, either; null: only errors count. */
  latencyMs: number | null
}

export interface Burn {
  /** Calls that failed or took too long; a call that did both may count twice. */
  bad: number
  /** How fast the budget of bad calls is used up: at 1 it lasts exactly as long as the objective; null without calls. */
  burnRate: number | null
}

/** What the calls of a range do to an objective. */
export function burnOf({ target, latencyMs }: Objective, sum: RedSum): Burn {
  const { calls, errors } = sum.toRed()
  const bad = Math.min(calls, errors + (latencyMs === null ? 0 : sum.slowerThan(latencyMs)))
  return { bad, burnRate: calls === 0 ? null : bad / calls / (1 - target) }
}

/** Anything that runs SQL. */
type Database = Pick<Store["pool"], "query">

export async function readObjectives(db: Database): Promise<Map<string, Objective>> {
  const { rows } = await db.query<{ service: string; target: number; latency_ms: number | null }>(
    "select service, target, latency_ms from traces.objective",
  )
  return new Map(rows.map(({ service, target, latency_ms }) => [service, { target, latencyMs: latency_ms }]))
}

const LONGEST_MS = 3_600_000

export const setObjectiveInput = z.object({
  service: text(255).min(1),
  /** null: nothing is promised. */
  objective: z
    .object({
      target: z.number().min(0.5, "A target is a share from 0.5 to 0.99999.").max(0.99999),
      latencyMs: z.number().positive().max(LONGEST_MS).nullable(),
    })
    .nullable(),
})

/** Says what is promised of a service, or that nothing is. */
export async function setObjective(ctx: Context, input: z.output<typeof setObjectiveInput>): Promise<void> {
  const { service, objective } = input
  const before = (await readObjectives(ctx.store.pool)).get(service) ?? null
  await ctx.store.prisma.$transaction(async (tx) => {
    if (objective)
      await tx.$executeRaw`insert into traces.objective (service, target, latency_ms)
        values (${service}, ${objective.target}, ${objective.latencyMs})
        on conflict (service) do update set target = excluded.target, latency_ms = excluded.latency_ms`
    else await tx.$executeRaw`delete from traces.objective where service = ${service}`
    await audit(tx, ctx, {
      action: "trace.objective",
      cluster: null,
      target: service,
      ...(before ? { before: { ...before } } : {}),
      ...(objective ? { after: objective } : {}),
      result: "ok",
    })
  })
}
