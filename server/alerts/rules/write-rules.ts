import { z } from "zod"
import { audit, nameOf } from "#server/access/index.ts"
import { slugOf } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { rowId, text } from "#server/inputs.ts"
import type { Prisma } from "#server/store/prisma/client.ts"
import { checkedRule } from "./check-rule.ts"
import { DEFAULT_RULES } from "./defaults.ts"

/** Rules that are not deleted, of all sources; each is evaluated with every sample. */
export const MAX_RULES = 1000
const MAX_ID = 80
/** Names that are alike, deleted ones among them, get a number. */
const MAX_ALIKE = 10_000

export const createRuleInput = z.object({ rule: checkedRule, enabled: z.boolean().default(true) })
export const ruleVersionInput = z.object({ id: text(100), revision: rowId })
export const updateRuleInput = ruleVersionInput.extend({ rule: checkedRule })
export const enableRuleInput = ruleVersionInput.extend({ enabled: z.boolean() })

/** Adds a rule, and returns its id. The next sample of each cluster is judged by it. */
export async function createRule(
  ctx: Context,
  { rule, enabled }: z.output<typeof createRuleInput>,
): Promise<{ id: string }> {
  return ctx.store.prisma.$transaction(async (tx) => {
    await lockRules(tx)
    if ((await tx.alertRule.count({ where: { deletedAt: null } })) >= MAX_RULES)
      throw new DomainError("conflict", `There are ${MAX_RULES} alert rules. Delete one first.`)
    const id = await freeId(tx, ruleIdOf(rule.name))
    await audit(tx, ctx, {
      action: "alert.rule",
      cluster: null,
      target: id,
      after: { rule, enabled },
      result: "ok",
    })
    await tx.alertRule.create({
      data: { id, source: "page", enabled, definition: rule, ...stamp(ctx) },
    })
    return { id }
  })
}

/**
 * Replaces a rule. What it has pending and firing goes on, and is judged by the new rule from the next sample on; what the
 * new rule does not watch any longer is resolved.
 */
export async function updateRule(
  ctx: Context,
  { rule, ...version }: z.output<typeof updateRuleInput>,
): Promise<void> {
  await change(ctx, version, (before) => ({
    audited: { before: { rule: before.definition ?? null }, after: { rule } },
    data: { definition: rule },
  }))
}

/** Switches a rule on or off. What it had firing is resolved by the next evaluation. */
export async function enableRule(
  ctx: Context,
  { enabled, ...version }: z.output<typeof enableRuleInput>,
): Promise<void> {
  await change(ctx, version, (before) => ({
    audited: { before: { enabled: before.enabled }, after: { enabled } },
    data: { enabled },
  }))
}

/** Makes a rule that comes with Signalbox what it was at first. Whether it is on stays as it is. */
export async function resetRule(ctx: Context, version: z.output<typeof ruleVersionInput>): Promise<void> {
  const shipped = DEFAULT_RULES.get(version.id)
  await change(ctx, version, (before) => {
    if (!shipped || before.source !== "default")
      throw new DomainError("bad_input", "Only rules that come with Signalbox can be reset.")
    return {
      audited: { before: { rule: before.definition ?? null }, after: { rule: shipped } },
      data: { definition: shipped },
    }
  })
}

/** Deletes a rule. Its alerts are resolved by the next evaluation, and stay in the history. */
export async function removeRule(ctx: Context, version: z.output<typeof ruleVersionInput>): Promise<void> {
  await change(ctx, version, (before) => {
    if (before.source === "default")
      throw new DomainError(
        "conflict",
        "This rule comes with Signalbox. Switch it off instead of deleting it.",
      )
    return {
      audited: {
        before: { rule: before.definition ?? null, enabled: before.enabled },
        after: { deleted: true },
      },
      data: { deletedAt: new Date(ctx.now()) },
    }
  })
}

interface StoredRule {
  source: string
  enabled: boolean
  definition: Prisma.JsonValue
}

interface Change {
  audited: { before: Prisma.InputJsonValue; after: Prisma.InputJsonValue }
  data: Prisma.AlertRuleUpdateManyMutationInput
}

/** Changes a rule of the page, if nobody else has since it was read. */
async function change(
  ctx: Context,
  { id, revision }: z.output<typeof ruleVersionInput>,
  decide: (before: StoredRule) => Change,
): Promise<void> {
  await ctx.store.prisma.$transaction(async (tx) => {
    await lockRules(tx)
    const before = await tx.alertRule.findFirst({
      where: { id, deletedAt: null },
      select: { source: true, enabled: true, definition: true, revision: true },
    })
    if (!before) throw new DomainError("not_found", `There is no alert rule "${id}".`)
    if (before.source === "file")
      throw new DomainError("conflict", "This rule is declared in signalbox.yaml. Change it there.")
    if (before.revision !== revision)
      throw new DomainError("conflict", "Somebody else has changed this rule. Load the page again.")
    const { audited, data } = decide(before)
    await audit(tx, ctx, { action: "alert.rule", cluster: null, target: id, ...audited, result: "ok" })
    await tx.alertRule.update({ where: { id }, data: { ...data, revision: revision + 1, ...stamp(ctx) } })
  })
}

/** One writer at a time; reading goes on. */
export async function lockRules(tx: Prisma.TransactionClient): Promise<void> {
  await tx.$executeRaw`lock table alert_rule in share row exclusive mode`
}

/** What a rule is called in addresses and files, made from its name: "Orders lag!" is orders-lag. */
export function ruleIdOf(name: string): string {
  return slugOf(name, "rule").slice(0, MAX_ID)
}

async function freeId(tx: Prisma.TransactionClient, wanted: string): Promise<string> {
  const rows = await tx.alertRule.findMany({
    where: { id: { startsWith: wanted } },
    select: { id: true },
  })
  const taken = new Set(rows.map((one) => one.id))
  for (let n = 1; n <= MAX_ALIKE; n++) {
    const id = n === 1 ? wanted : `${wanted}-${n}`
    if (!taken.has(id)) return id
  }
  throw new DomainError("conflict", `There are too many rules named like "${wanted}". Choose another name.`)
}

function stamp(ctx: Pick<Context, "actor" | "now">): { updatedAt: Date; updatedBy: string } {
  return { updatedAt: new Date(ctx.now()), updatedBy: nameOf(ctx.actor) }
}
