import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { clusterNotFound, DomainError } from "#server/errors.ts"
import { fitsName } from "#server/fits-name.ts"
import { rowId } from "#server/inputs.ts"
import { makeMask } from "./mask.ts"
import { maskingRule } from "./rule.ts"

const SELECT = {
  id: true,
  destination: true,
  part: true,
  kind: true,
  expression: true,
  how: true,
  cluster: { select: { slug: true } },
} as const

/** All masking rules, in the order in which they were made, with the destinations that hold copies of what they hide. */
export async function listMaskingRules(ctx: Context) {
  const rules = await ctx.store.prisma.maskingRule.findMany({ select: SELECT, orderBy: { id: "asc" } })
  const copies = rules.length === 0 ? [] : await readCopies(ctx)
  return rules.map(({ cluster, ...rule }) => ({
    ...maskingRule.parse(rule),
    id: rule.id,
    on: cluster?.slug ?? null,
    /** Dead-letter destinations that the rule's own name does not fit, but where it holds. */
    copies: [
      ...new Set(
        copies
          .filter(({ slug, origin, name }) => {
            const here = cluster === null || cluster.slug === slug
            return here && fitsName(rule.destination, origin) && !fitsName(rule.destination, name)
          })
          .map(({ name }) => name),
      ),
    ],
  }))
}

/** Which dead-letter destinations hold messages of which others, as far as they were indexed. */
async function readCopies(ctx: Context): Promise<{ slug: string; name: string; origin: string }[]> {
  const { rows } = await ctx.store.pool.query<{ slug: string; name: string; origin: string }>(
    `select distinct c.slug, d.name, from_there.name as origin
     from (select distinct destination_id, group_id, original_destination from failure_message) m
     join destination d on d.id = m.destination_id and d.deleted_at is null join cluster c on c.id = d.cluster_id
     join failure_group g on g.id = m.group_id
     cross join lateral (values (g.destination::text), (m.original_destination::text)) as from_there(name)
     where from_there.name is not null order by 1, 2`,
  )
  return rows
}

export const addMaskingRuleInput = maskingRule.extend({
  /** Slug of the one cluster where it holds; null: on every cluster. */
  on: z.string().nullable(),
})

/** Adds a rule. It holds from the next message on. */
export async function addMaskingRule(
  ctx: Context,
  { on, ...rule }: z.output<typeof addMaskingRuleInput>,
): Promise<{ id: number }> {
  // Refuses what cannot be compiled.
  makeMask([rule], "")
  return ctx.store.prisma.$transaction(async (tx) => {
    const cluster =
      on === null ? null : await tx.cluster.findUnique({ where: { slug: on }, select: { id: true } })
    if (on !== null && !cluster) throw clusterNotFound(on)
    const data = { ...rule, clusterId: cluster?.id ?? null }
    const { id } = await tx.maskingRule.create({ data, select: { id: true } })
    await audit(tx, ctx, {
      action: "masking.add",
      target: rule.destination,
      cluster: on,
      after: { id, ...rule },
      result: "ok",
    })
    return { id }
  })
}

export const removeMaskingRuleInput = z.object({ id: rowId })

/** Takes a rule away: what it hid is seen again by everybody who may read the messages. */
export async function removeMaskingRule(
  ctx: Context,
  { id }: z.output<typeof removeMaskingRuleInput>,
): Promise<void> {
  await ctx.store.prisma.$transaction(async (tx) => {
    const rule = await tx.maskingRule.findUnique({ where: { id }, select: SELECT })
    if (!rule) throw new DomainError("not_found", "Rule not found.")
    await tx.maskingRule.delete({ where: { id } })
    const { cluster, ...before } = rule
    await audit(tx, ctx, {
      action: "masking.remove",
      target: rule.destination,
      cluster: cluster?.slug ?? null,
      before,
      result: "ok",
    })
  })
}
