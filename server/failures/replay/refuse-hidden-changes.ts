import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { maskFor, rulesFor } from "#server/messages/index.ts"
import { Prisma } from "#server/store/prisma/client.ts"
import type { Change } from "./mend.ts"

/**
 * Changes of values that are masked for the actor: whether they apply would tell what is hidden, and what they make of it
 * may no longer be what the rule hides. Where a rule names a field, other fields may be changed; where it goes by a
 * pattern or a condition, any change may decide whether it applies, so none may be made. Rejects with `forbidden`.
 */
export async function refuseHiddenChanges(
  ctx: Context,
  of: { cluster: string; letters: Prisma.Sql; changes: readonly Change[] },
): Promise<void> {
  if (of.changes.length === 0) return
  const { rows } = await ctx.store.pool.query<{ name: string }>(
    Prisma.sql`select distinct unnest(array[d.name, m.original_destination]) as name ${of.letters}`,
  )
  for (const { name } of rows.filter((row) => row.name !== null)) {
    const [{ mask }, rules] = await Promise.all([
      maskFor(ctx, of.cluster, name),
      rulesFor(ctx, of.cluster, name),
    ])
    if (!mask.holds("value")) continue
    for (const rule of rules.filter((one) => one.part === "value")) {
      const hidden = of.changes.find((change) => mayTouch(rule, change))
      if (hidden)
        throw new DomainError(
          "forbidden",
          `${hidden.path.join(".")} is masked for you, or a masking rule depends on it: unmask ${name} before you change it.`,
        )
    }
  }
}

function mayTouch(rule: { kind: string; expression: string }, { path }: Change): boolean {
  if (rule.kind === "pattern" || !PLAIN.test(rule.expression)) return true
  const field = rule.expression.match(FIELD)?.at(-1)
  return field === undefined || path.some((step) => step === field)
}

/** Fields by name alone: no conditions, wildcards or positions at the end. */
const PLAIN = /^\$(?:\.{1,2}[\w-]+|\[\d+\]|\[\*\])*\.{1,2}[\w-]+$/
const FIELD = /[\w-]+/g
