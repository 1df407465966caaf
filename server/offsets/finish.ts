import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { changes, totalsOf } from "./line.ts"
import { keyOf, type PlanLine } from "./model.ts"
import type { StoredPlan } from "./rows.ts"

export interface Applied {
  outcome: "applied" | "partly" | "failed"
  plan: string
  /** What became of it, in a sentence. */
  message: string
}

interface Finished {
  plan: StoredPlan
  lines: PlanLine[]
  cluster: string
}

/** What the plan never was about, since it could not be planned. */
function leftOut(lines: readonly PlanLine[]): string {
  const { length } = lines.filter((line) => line.trouble !== null)
  if (length === 0) return ""
  return ` ${length} could not be planned and stayed as before: plan the rest when it can be read.`
}

/** Most partitions that an audit entry lists; the plan has them all. */
const LISTED = 500

/** Notes what became of a plan, in it and in the audit log. */
export async function finish(ctx: Context, { plan, lines, cluster }: Finished): Promise<Applied> {
  const meant = lines.filter(changes)
  const written = meant.filter((line) => line.result === "written")
  const outcome =
    written.length === meant.length ? "applied" : written.length === 0 ? "failed" : ("partly" as const)
  const message = `${written.length} of ${meant.length} partitions were written and read back.${leftOut(lines)}`
  const listed = (of: "from" | "to") =>
    Object.fromEntries(written.slice(0, LISTED).map((line) => [keyOf(line), line[of]]))
  const act = {
    action: "offsets.apply",
    target: `${cluster}/${plan.group}`,
    cluster,
    before: { snapshot: plan.snapshotId, positions: listed("from") },
    after: { plan: plan.id, by: plan.appliedBy, ...totalsOf(lines), positions: listed("to") },
    ...(outcome === "applied" ? { result: "ok" as const } : { result: "failed" as const, reason: message }),
  }
  await ctx.store.prisma.$transaction(async (tx) => {
    const data = { state: outcome, lines: lines as object[], outcome: message, armedUntil: null }
    await tx.offsetPlan.update({ where: { id: plan.id }, data })
    await audit(tx, ctx, act)
  })
  return { outcome, plan: plan.id, message }
}
