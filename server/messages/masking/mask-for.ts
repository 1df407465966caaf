import { z } from "zod"
import { lostSince, mayOn } from "#server/access/index.ts"
import type { Actor } from "#server/actor.ts"
import type { DeadLetterDialect, Message } from "#server/brokers/broker.ts"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { fitsName } from "#server/fits-name.ts"
import type { Store } from "#server/store/index.ts"
import { type Mask, makeMask, noMask, withCopies } from "./mask.ts"
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
  const plan = await readMaskPlan(ctx, cluster, destination)
  if (plan.all.length === 0) return { mask: noMask, rules: 0, unmaskedUntil: null }
  const holder = holderOf(ctx.actor)
  const mayUnmask = holder !== null && mayOn(ctx.actor, "message.unmask", cluster)
  const unmaskedUntil = mayUnmask ? await grantOf(ctx, { holder, cluster, destination }) : null
  const { rules } = plan
  if (unmaskedUntil !== null) return { mask: noMask, rules: rules.length, unmaskedUntil }
  const broker = await openBroker(ctx, cluster)
  const mask = maskBy(plan, broker.deadLetters?.dialects ?? [], maskSecret(ctx, cluster, destination))
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
  const masks = found.map(({ mask }) => mask)
  const base = joined(masks)
  return withCopies(base, (message) => {
    const all = joined(masks.map((mask) => mask.of(message)))
    return all.order.rules.length === base.order.rules.length ? null : all
  })
}

/** One mask that hides what any of these hides. */
function joined(masks: readonly Mask[]): Mask {
  const rules = masks.flatMap(({ order }) => order.rules)
  const different = new Map(rules.map((rule) => [JSON.stringify(rule), rule]))
  const secret = masks.find(({ order }) => order.secret !== "")?.order.secret ?? ""
  return makeMask([...different.values()], secret)
}

/** The rules for a destination, whoever looks. */
export async function rulesFor(
  ctx: Pick<Context, "store">,
  cluster: string,
  destination: string,
): Promise<MaskingRule[]> {
  return (await readMaskPlan(ctx, cluster, destination)).rules
}

/** All that decides what is hidden in the messages of a destination. It can be given to another process. */
export const maskPlan = z.object({
  destination: z.string(),
  /** Its own rules, and those of the destinations that its dead letters come from, since the bodies are the same. */
  rules: z.array(maskingRule),
  /** Every rule of the cluster: a message may say itself that it comes from somewhere else. */
  all: z.array(maskingRule),
  /** Headers in which that is said, besides those that the broker's dialects know. */
  originHeaders: z.array(z.string()),
})

export type MaskPlan = z.output<typeof maskPlan>

export async function readMaskPlan(
  ctx: Pick<Context, "store">,
  cluster: string,
  destination: string,
): Promise<MaskPlan> {
  const found = await ctx.store.prisma.maskingRule.findMany({
    where: { OR: [{ clusterId: null }, { cluster: { slug: cluster } }] },
    select: { destination: true, part: true, kind: true, expression: true, how: true },
    orderBy: { id: "asc" },
  })
  const all = found.map((rule) => maskingRule.parse(rule))
  if (all.length === 0) return { destination, rules: [], all, originHeaders: [] }
  const places = [destination, ...(await originsOf(ctx, cluster, destination))]
  return {
    destination,
    rules: rulesAt(all, places),
    all,
    originHeaders: await mappedHeaders(ctx, cluster),
  }
}

function rulesAt(all: readonly MaskingRule[], places: readonly string[]): MaskingRule[] {
  return all.filter((rule) => places.some((place) => fitsName(rule.destination, place)))
}

/** Masks that are kept for what messages name as their origin, which may be anything. */
const MAX_KEPT = 200

/** The mask of a plan. Of a message that says where it comes from, in any dialect, the rules of that place hold too. */
export function maskBy(plan: MaskPlan, dialects: readonly DeadLetterDialect[], secret: string): Mask {
  const { destination, rules, all, originHeaders } = plan
  const base = makeMask(rules, secret)
  if (rules.length === all.length) return base
  const kept = new Map<string, Mask | null>()
  const at = (origins: readonly string[]): Mask | null => {
    const more = rulesAt(all, origins).filter((rule) => !rules.includes(rule))
    return more.length === 0 ? null : makeMask([...rules, ...more], secret)
  }
  return withCopies(base, (message) => {
    const origins = originsIn(message, { destination, dialects, originHeaders })
    if (origins.length === 0) return null
    const key = JSON.stringify(origins)
    const known = kept.get(key)
    if (known !== undefined) return known
    const made = at(origins)
    if (kept.size >= MAX_KEPT) kept.clear()
    kept.set(key, made)
    return made
  })
}

/** Where a message says that it comes from. One that is read wrongly hides too much rather than too little. */
function originsIn(
  message: Message,
  by: { destination: string; dialects: readonly DeadLetterDialect[]; originHeaders: readonly string[] },
): string[] {
  const told = by.dialects.flatMap(
    (dialect) => dialect.read(by.destination, message)?.original?.destination ?? [],
  )
  const mapped = message.headers.filter(({ key }) => by.originHeaders.includes(key))
  return [...new Set([...told, ...mapped.flatMap(({ value }) => value?.toString("utf8") || [])])]
}

/** The headers that people's own mappings of dead letters name for it. */
async function mappedHeaders(ctx: Pick<Context, "store">, cluster: string): Promise<string[]> {
  const { rows } = await ctx.store.pool.query<{ header: string }>(
    `select distinct r.mapping ->> 'destination' as header from failure_rule r join cluster c on c.id = r.cluster_id
     where c.slug = $1 and r.mapping ->> 'destination' is not null order by 1`,
    [cluster],
  )
  return rows.map((row) => row.header)
}

/**
 * Where the dead letters of a destination come from, as far as they are known: their cause may be told apart from where
 * they were. Theirs too, where these are dead letters.
 */
async function originsOf(
  ctx: Pick<Context, "store">,
  cluster: string,
  destination: string,
): Promise<string[]> {
  const { rows } = await ctx.store.pool.query<{ name: string }>(
    `with recursive origin(name) as (
       select $2::text
       union
       select from_there.name from origin o
       join cluster c on c.slug = $1
       join destination d on d.cluster_id = c.id and d.name = o.name
       cross join lateral (
         select g.destination::text as name from failure_group g
         where g.cluster_id = c.id and exists (
           select 1 from failure_message m where m.group_id = g.id and m.destination_id = d.id)
         union
         select m.original_destination::text from failure_message m
         where m.destination_id = d.id and m.original_destination is not null) from_there)
     select name from origin where name <> $2`,
    [cluster, destination],
  )
  return rows.map((row) => row.name)
}

/** Keys the hashes of a destination's mask: a value that one may write elsewhere tells nothing about those here. */
export function maskSecret(ctx: Pick<Context, "vault">, cluster: string, destination: string): string {
  return ctx.vault.derive(`masking ${cluster}/${destination}`)
}

/** Until when a holder sees a destination unmasked, in ms since the epoch, if they may at all; null: they do not. */
async function grantOf(
  ctx: Pick<Context, "store" | "now">,
  { holder, cluster, destination }: { holder: string; cluster: string; destination: string },
): Promise<number | null> {
  const grant = await ctx.store.prisma.unmaskGrant.findFirst({
    where: { holder, destination, cluster: { slug: cluster }, expiresAt: { gt: new Date(ctx.now()) } },
    select: { expiresAt: true },
  })
  return grant?.expiresAt.getTime() ?? null
}

export function holderOf(actor: Actor): string | null {
  return actor.kind === "user" || actor.kind === "token" ? `${actor.kind} ${actor.id}` : null
}

/**
 * Why somebody who left something to be done (server/access identityOf) sees a destination masked now, to be read after
 * their name; null: they have unmasked it, and may.
 */
export async function maskedSince(
  store: Store,
  { cluster, destination, identity }: { cluster: string; destination: string; identity: string | null },
): Promise<string | null> {
  const [, kind, id] = /^(user|token):(.+)$/s.exec(identity ?? "") ?? []
  const asked = { holder: `${kind} ${id}`, cluster, destination }
  const until = kind === undefined ? null : await grantOf({ store, now: Date.now }, asked)
  if (until === null) return `no longer sees ${destination} unmasked`
  return lostSince(store, identity, { permission: "message.unmask", cluster })
}
