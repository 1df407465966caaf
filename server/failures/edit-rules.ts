import { z } from "zod"
import { audit } from "#server/access/index.ts"
import { openBroker, readCluster, slug } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { Prisma } from "#server/store/prisma/client.ts"
import { findDeadDestinations, readRules } from "./indexing/sources.ts"
import { type HeaderMapping, headerMapping } from "./mapping.ts"
import { ruleFor } from "./rules.ts"

export const listRulesInput = z.object({ cluster: slug })

export interface RuleList {
  rules: { pattern: string; holds: boolean; mapping: HeaderMapping | null }[]
  /** Dead-letter rules now, and why. */
  destinations: { name: string; by: "rule" | "convention"; messages: number; problem: string | null }[]
}

/** The rules of a cluster, and which destinations are read because of them or by convention. */
export async function listRules(ctx: Context, input: z.output<typeof listRulesInput>): Promise<RuleList> {
  const { id } = await readCluster(ctx, input.cluster)
  const broker = await openBroker(ctx, input.cluster)
  const rules = await readRules(ctx.store, id)
  const by = { rules, dialects: broker.deadLetters?.dialects ?? [] }
  const found = await findDeadDestinations(ctx.store, id, by)
  const ids = found.map((one) => one.id)
  const [counts, sources] = await Promise.all([
    ctx.store.prisma.failureMessage.groupBy({
      by: ["destinationId"],
      where: { destinationId: { in: ids } },
      _count: true,
    }),
    ctx.store.prisma.failureSource.findMany({
      where: { destinationId: { in: ids }, problem: { not: null } },
      select: { destinationId: true, problem: true },
    }),
  ])
  return {
    rules,
    destinations: found.toSorted(byName).map((one) => ({
      name: one.name,
      by: ruleFor(one.name, rules) ? "rule" : "convention",
      messages: counts.find((count) => count.destinationId === one.id)?._count ?? 0,
      problem: sources.find((source) => source.destinationId === one.id)?.problem ?? null,
    })),
  }
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name.localeCompare(other.name)
}

const pattern = z.string().trim().min(1, "Give the name of a destination; * stands for anything.").max(300)

export const saveRuleInput = z.object({
  cluster: slug,
  pattern,
  holds: z.boolean().default(true),
  mapping: headerMapping.nullable().default(null),
})

/** Adds a rule, or changes the one of the same pattern. Holds for what arrives from now on. */
export async function saveRule(ctx: Context, input: z.output<typeof saveRuleInput>): Promise<void> {
  const { id: clusterId } = await readCluster(ctx, input.cluster)
  const mapping = input.mapping ?? Prisma.DbNull
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.failureRule.upsert({
      where: { clusterId_pattern: { clusterId, pattern: input.pattern } },
      create: { clusterId, pattern: input.pattern, holds: input.holds, mapping },
      update: { holds: input.holds, mapping },
    })
    await audit(tx, ctx, {
      action: "failure.configure",
      target: input.pattern,
      cluster: input.cluster,
      after: { holds: input.holds, mapping: input.mapping },
      result: "ok",
    })
  })
}

export const removeRuleInput = z.object({ cluster: slug, pattern })

/** Removes a rule. What it has found stays. */
export async function removeRule(ctx: Context, input: z.output<typeof removeRuleInput>): Promise<void> {
  const { id: clusterId } = await readCluster(ctx, input.cluster)
  await ctx.store.prisma.$transaction(async (tx) => {
    const { count } = await tx.failureRule.deleteMany({ where: { clusterId, pattern: input.pattern } })
    if (count === 0) throw new DomainError("not_found", "Rule not found.")
    await audit(tx, ctx, {
      action: "failure.configure",
      target: input.pattern,
      cluster: input.cluster,
      before: { pattern: input.pattern },
      result: "ok",
    })
  })
}
