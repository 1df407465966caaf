import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { clusterNotFound, DomainError } from "#server/errors.ts"
import { keyName, text } from "#server/inputs.ts"
import { holderOf } from "./mask-for.ts"

/** How long somebody sees a destination unmasked, in ms. */
const UNMASKED_FOR = 15 * 60_000

export const unmaskInput = z.object({
  cluster: text(100),
  destination: keyName,
  reason: z.string().trim().min(3, "Say why, in some words: it goes into the audit log.").max(500),
})

/** Shows a destination unmasked to the actor, for a quarter of an hour. The reason goes into the audit log. */
export async function unmask(ctx: Context, input: z.output<typeof unmaskInput>): Promise<{ until: number }> {
  const holder = holderOf(ctx.actor)
  if (holder === null) throw new DomainError("not_signed_in", "Sign in first.")
  const until = ctx.now() + UNMASKED_FOR
  await ctx.store.prisma.$transaction(async (tx) => {
    const cluster = await tx.cluster.findUnique({ where: { slug: input.cluster }, select: { id: true } })
    if (!cluster) throw clusterNotFound(input.cluster)
    const key = { holder, clusterId: cluster.id, destination: input.destination }
    const grant = { reason: input.reason, expiresAt: new Date(until) }
    await tx.unmaskGrant.upsert({
      where: { holder_clusterId_destination: key },
      create: { ...key, ...grant },
      update: grant,
    })
    await audit(tx, ctx, {
      action: "message.unmask",
      target: `${input.cluster}/${input.destination}`,
      cluster: input.cluster,
      after: { until: new Date(until).toISOString() },
      result: "ok",
      reason: input.reason,
    })
  })
  return { until }
}

export const maskAgainInput = z.object({ cluster: text(100), destination: keyName })

/** Ends it before its time. */
export async function maskAgain(ctx: Context, input: z.output<typeof maskAgainInput>): Promise<void> {
  const holder = holderOf(ctx.actor)
  if (holder === null) throw new DomainError("not_signed_in", "Sign in first.")
  await ctx.store.prisma.unmaskGrant.deleteMany({
    where: { holder, destination: input.destination, cluster: { slug: input.cluster } },
  })
}
