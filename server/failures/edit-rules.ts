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
  /** What is read as dead letters now, and why: the first by name, those that cannot be read before all others. */
  destinations: {
    name: string
    by: "rule" | "convention"
    /** Dead letters, counted up to 10,000. */
    messages: number
    /** There are more than were counted. */
    isMore: boolean
    problem: string | null
  }[]
  /** How many there are, those that are not listed among them. */
  destinationCount: number
}

/** Destinations that are listed. */
const MAX_DESTINATIONS = 200
/** Dead letters that are counted of one of them: an index is walked for each. */
const MAX_COUNTED = 10_000

/** The rules of a cluster, and which destinations are read because of them or by convention. */
export async function listRules(ctx: Context, input: z.output<typeof listRulesInput>): Promise<RuleList> {
  const { id } = await readCluster(ctx, input.cluster)
  const broker = await openBroker(ctx, input.cluster)
  const rules = await readRules(ctx.store, id)
  const by = { rules, dialects: broker.deadLetters?.dialects ?? [] }
  const found = await findDeadDestinations(ctx.store, id, by)
  const problems = await readProblems(
    ctx,
    found.map((one) => one.id),
  )
  const hasNone = ({ id }: { id: number }) => Number(!problems.has(id))
  const listed = found
    .toSorted((one, other) => hasNone(one) - hasNone(other) || byName(one, other))
    .slice(0, MAX_DESTINATIONS)
  const counts = await countLetters(
    ctx,
    listed.map((one) => one.id),
  )
  return {
    rules,
    destinations: listed.map(({ id, name }) => {
      const counted = counts.get(id) ?? 0
      return {
        name,
        by: ruleFor(name, rules) ? "rule" : "convention",
        messages: Math.min(counted, MAX_COUNTED),
        isMore: counted > MAX_COUNTED,
        problem: problems.get(id) ?? null,
      }
    }),
    destinationCount: found.length,
  }
}

/** Why a destination could not be read, by its id. */
async function readProblems(ctx: Context, ids: number[]): Promise<Map<number, string>> {
  const rows = await ctx.store.prisma.failureSource.findMany({
    where: { destinationId: { in: ids }, problem: { not: null } },
    select: { destinationId: true, problem: true },
  })
  return new Map(rows.map((row) => [row.destinationId, row.problem ?? ""]))
}

/** Dead letters by destination, of each at most one more than `MAX_COUNTED`. */
async function countLetters(ctx: Context, ids: number[]): Promise<Map<number, number>> {
  const { rows } = await ctx.store.pool.query<{ id: number; count: number }>(
    `select d.id, m.count from unnest($1::int[]) d (id) cross join lateral (
       select count(*)::int as count from (
         select from failure_message where destination_id = d.id limit $2::int) one) m`,
    [ids, MAX_COUNTED + 1],
  )
  return new Map(rows.map((row) => [row.id, row.count]))
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
