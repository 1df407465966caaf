import { mayOn } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import type { Context } from "#server/context.ts"
import { fitsName } from "../pattern.ts"
import { type Mask, makeMask, noMask } from "./mask.ts"
import { type MaskingRule, maskingRule } from "./rule.ts"

export interface MaskFor {
  mask: Mask
  /** How many rules there are for this destination, whether or not they hold for this actor now. */
  rules: number
  /** Until when the actor sees it unmasked, in ms since the epoch; null: masked. */
  unmaskedUntil: number | null
}

/**
 * What is hidden from the actor in the messages of a destination. Everything that leaves the server goes through it.
 * Masked for everybody, admins too, but for whoever unmasked the destination and gave a reason (unmask.ts).
 */
export async function maskFor(ctx: Context, cluster: string, destination: string): Promise<MaskFor> {
  const rules = await rulesFor(ctx, cluster, destination)
  if (rules.length === 0) return { mask: noMask, rules: 0, unmaskedUntil: null }
  const unmaskedUntil = await grantOf(ctx, cluster, destination)
  const mask = unmaskedUntil === null ? maskOf(ctx, rules) : noMask
  return { mask, rules: rules.length, unmaskedUntil }
}

/** The rules for a destination, whoever looks. */
export async function rulesFor(
  ctx: Pick<Context, "store">,
  cluster: string,
  destination: string,
): Promise<MaskingRule[]> {
  const found = await ctx.store.prisma.maskingRule.findMany({
    where: { OR: [{ clusterId: null }, { cluster: { slug: cluster } }] },
    select: { destination: true, part: true, kind: true, expression: true, how: true },
    orderBy: { id: "asc" },
  })
  return found
    .filter((rule) => fitsName(rule.destination, destination))
    .map((rule) => maskingRule.parse(rule))
}

/** The mask of these rules, whoever looks. */
export function maskOf(ctx: Context, rules: readonly MaskingRule[]): Mask {
  return makeMask(rules, ctx.vault.derive("masking"))
}

async function grantOf(ctx: Context, cluster: string, destination: string): Promise<number | null> {
  const holder = holderOf(ctx.actor)
  if (holder === null || !mayOn(ctx.actor, "message.unmask", cluster)) return null
  const grant = await ctx.store.prisma.unmaskGrant.findFirst({
    where: { holder, destination, cluster: { slug: cluster }, expiresAt: { gt: new Date(ctx.now()) } },
    select: { expiresAt: true },
  })
  return grant?.expiresAt.getTime() ?? null
}

export function holderOf(actor: Actor): string | null {
  return actor.kind === "user" || actor.kind === "token" ? `${actor.kind} ${actor.id}` : null
}
