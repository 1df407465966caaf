import { z } from "zod"
import { audit, nameOf } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { rowId, text } from "#server/inputs.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { rule as ruleSchema } from "../rule.ts"
import { SIGNALS } from "../signals/index.ts"
import type { RuleRow, SignalView } from "../views.ts"

const source = z.enum(["default", "file", "page"])

export interface AlertRules {
  rules: RuleRow[]
  signals: SignalView[]
}

/** All rules, with how many of their alerts fire, and the signals that rules can watch. */
export async function listAlertRules(ctx: Context): Promise<AlertRules> {
  const rows = await ctx.store.prisma.alertRule.findMany({
    where: { deletedAt: null },
    include: { _count: { select: { alerts: { where: { state: "firing" } } } } },
    orderBy: { id: "asc" },
  })
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert rule cannot be read")
  const rules = readEach(
    rows,
    (row): RuleRow => ({
      id: row.id,
      source: readDocument(source, row.source, `The alert rule ${row.id}`),
      enabled: row.enabled,
      revision: row.revision,
      rule: readDocument(ruleSchema, row.definition, `The alert rule ${row.id}`),
      firing: row._count.alerts,
      updatedBy: row.updatedBy,
    }),
    report,
  )
  const signals = SIGNALS.map(({ id, label, unit, subject, help, suggested, words = [] }) => ({
    ...{ id, label, unit, subject, help, suggested, words },
  }))
  return { rules, signals }
}

export const enableRuleInput = z.object({ id: text(100), enabled: z.boolean(), revision: rowId })

/** Switches a rule on or off. What it had firing is resolved by the next evaluation. */
export async function enableRule(ctx: Context, input: z.output<typeof enableRuleInput>): Promise<void> {
  const { id, enabled, revision } = input
  await ctx.store.prisma.$transaction(async (tx) => {
    const found = await tx.alertRule.findFirst({ where: { id, deletedAt: null } })
    if (!found) throw new DomainError("not_found", `There is no alert rule "${id}".`)
    if (found.source === "file")
      throw new DomainError("conflict", "This rule is declared in signalbox.yaml. Change it there.")
    const by = nameOf(ctx.actor)
    const { count } = await tx.alertRule.updateMany({
      where: { id, revision },
      data: { enabled, revision: revision + 1, updatedAt: new Date(ctx.now()), updatedBy: by },
    })
    if (count === 0)
      throw new DomainError("conflict", "Somebody else has changed this rule. Load the page again.")
    await audit(tx, ctx, {
      action: "alert.rule",
      cluster: null,
      target: id,
      before: { enabled: found.enabled },
      after: { enabled },
      result: "ok",
    })
  })
}
