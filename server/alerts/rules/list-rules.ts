import { isDeepStrictEqual } from "node:util"
import { z } from "zod"
import type { Context } from "#server/context.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { rule as ruleSchema } from "../rule.ts"
import { SIGNALS } from "../signals/index.ts"
import { SUBJECT_LABELS } from "../signals/signal.ts"
import type { RuleList, RuleRow } from "../views.ts"
import { DEFAULT_RULES } from "./defaults.ts"
import { readFileProblems } from "./sync-file-rules.ts"

const source = z.enum(["default", "file", "page"])

/** All rules, with how many of their alerts fire, and the signals that rules can watch. */
export async function listAlertRules(ctx: Context): Promise<RuleList> {
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
      isChanged: row.source === "default" && !isDeepStrictEqual(row.definition, DEFAULT_RULES.get(row.id)),
      firing: row._count.alerts,
      updatedBy: row.updatedBy,
    }),
    report,
  )
  const signals = SIGNALS.map(({ id, label, unit, subject, help, suggested, sentence, words = [] }) => ({
    id,
    label,
    unit,
    subject,
    help,
    suggested,
    sentence,
    words: [...words],
    labels: [...SUBJECT_LABELS[subject]],
  }))
  return { rules, signals, fileProblems: await readFileProblems(ctx.store) }
}
