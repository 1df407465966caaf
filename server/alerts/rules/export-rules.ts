import { z } from "zod"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { text } from "#server/inputs.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { rule as ruleSchema } from "../rule.ts"
import { writeFileRules } from "./file-rules.ts"

export const exportRulesInput = z.object({
  /** Absent: all rules. */
  id: text(100).optional(),
})

/** Rules as a part of signalbox.yaml. */
export async function exportRules(
  ctx: Context,
  { id }: z.output<typeof exportRulesInput>,
): Promise<{ yaml: string }> {
  const rows = await ctx.store.prisma.alertRule.findMany({
    where: { deletedAt: null, ...(id === undefined ? {} : { id }) },
    select: { id: true, enabled: true, definition: true },
    orderBy: { id: "asc" },
  })
  if (id !== undefined && rows.length === 0)
    throw new DomainError("not_found", `There is no alert rule "${id}".`)
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert rule cannot be read")
  const rules = readEach(
    rows,
    (row) => ({
      id: row.id,
      enabled: row.enabled,
      rule: readDocument(ruleSchema, row.definition, `The alert rule ${row.id}`),
    }),
    report,
  )
  return { yaml: writeFileRules(rules) }
}
