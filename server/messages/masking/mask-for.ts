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
  const mask = unmaskedUntil === null ? makeMask(rules, maskSecret(ctx, cluster, destination)) : noMask
  return { mask, rules: rules.length, unmaskedUntil }
}

/**
 * What is hidden from the actor in messages that lie in all of these destinations: what one of them hides, no other
 * shows, since the bodies are the same.
 */
export async function maskForAll(
  ctx: Context,
  cluster: string,
  destinations: readonly string[],
): Promise<Mask> {
  const found = await Promise.all([...new Set(destinations)].map((one) => maskFor(ctx, cluster, one)))
  const orders = found.map(({ mask }) => mask.order).filter(({ rules }) => rules.length > 0)
  const rules = new Map(orders.flatMap((order) => order.rules).map((rule) => [JSON.stringify(rule), rule]))
  return makeMask([...rules.values()], orders[0]?.secret ?? "")
}

/**
 * The rules for a destination, whoever looks: its own, and those of the destinations that its dead letters come from,
 * since the bodies are the same.
 */
export async function rulesFor(
  ctx: Pick<Context, "store">,
  cluster: string,
  destination: string,
): Promise<MaskingRule[]> {
  const all = await ctx.store.prisma.maskingRule.findMany({
    where: { OR: [{ clusterId: null }, { cluster: { slug: cluster } }] },
    select: { destination: true, part: true, kind: true, expression: true, how: true },
    orderBy: { id: "asc" },
  })
  if (all.length === 0) return []
  const places = [destination, ...(await originsOf(ctx, cluster, destination))]
  return all
    .filter((rule) => places.some((place) => fitsName(rule.destination, place)))
    .map((rule) => maskingRule.parse(rule))
}

/** Where the dead letters of a destination come from, as far as they are known; theirs too, where these are dead letters. */
async function originsOf(
  ctx: Pick<Context, "store">,
  cluster: string,
  destination: string,
): Promise<string[]> {
  const { rows } = await ctx.store.pool.query<{ name: string }>(
    `with recursive origin(name) as (
       select $2::text
       union
       select g.destination::text from origin o
       join cluster c on c.slug = $1 join failure_group g on g.cluster_id = c.id
       where exists (
         select 1 from failure_message m join destination d on d.id = m.destination_id
         where m.group_id = g.id and d.name = o.name))
     select name from origin where name <> $2`,
    [cluster, destination],
  )
  return rows.map((row) => row.name)
}

/** Keys the hashes of a destination's mask: a value that one may write elsewhere tells nothing about those here. */
export function maskSecret(ctx: Pick<Context, "vault">, cluster: string, destination: string): string {
  return ctx.vault.derive(`masking ${cluster}/${destination}`)
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
