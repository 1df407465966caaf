import { randomUUID } from "node:crypto"
import { z } from "zod"
import { audit, nameOf } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { text, time } from "#server/inputs.ts"
import { matchers } from "../matcher.ts"
import { formatMatchers } from "../matcher-text.ts"
import { mayEnd, silenceable } from "./reach.ts"
import { recurrence } from "./window.ts"

const DAY_MS = 86_400_000
const MAX_SILENCES = 500
/** A silence that ends itself may not outlast a year; a window that comes back may be without an end. */
const MAX_LENGTH_MS = 366 * DAY_MS

export const addSilenceInput = z.object({
  matchers: matchers.min(1, "Say which alerts: a silence needs at least one matcher, like cluster=prod."),
  /** When it begins, ms; absent: now. */
  startsAt: time.optional(),
  /** When it ends, ms; null: never, for a maintenance window that comes back. */
  endsAt: time.nullable(),
  /** A maintenance window that comes back every week. */
  recurrence: recurrence.nullable().default(null),
  comment: text(500).trim().min(1, "Say why, for those who wonder about the silence."),
})

export type NewSilence = z.output<typeof addSilenceInput>

/**
 * Silences what matches, on the clusters where the actor is operator. Throws `bad_input` for times that make no sense,
 * and `forbidden` for somebody who is operator nowhere.
 */
export async function addSilence(ctx: Context, input: NewSilence): Promise<{ id: string }> {
  const now = ctx.now()
  const startsAt = Math.max(input.startsAt ?? now, now)
  checkTimes(input, { startsAt, now })
  const clusters = actableClusters(ctx)
  const id = randomUUID()
  await ctx.store.prisma.$transaction(async (tx) => {
    const open = await tx.alertSilence.count({
      where: { OR: [{ endsAt: null }, { endsAt: { gt: new Date(now) } }] },
    })
    if (open >= MAX_SILENCES)
      throw new DomainError("conflict", `There are ${MAX_SILENCES} silences. End some first.`)
    await tx.alertSilence.create({
      data: {
        id,
        matchers: input.matchers,
        startsAt: new Date(startsAt),
        endsAt: input.endsAt === null ? null : new Date(input.endsAt),
        ...(input.recurrence ? { recurrence: input.recurrence } : {}),
        comment: input.comment,
        createdBy: nameOf(ctx.actor),
        createdAt: new Date(now),
        clusters: [...clusters],
      },
    })
    await audit(tx, ctx, {
      action: "alert.silence",
      cluster: null,
      target: formatMatchers(input.matchers),
      after: { ...input, startsAt, clusters },
      result: "ok",
    })
  })
  return { id }
}

export const endSilenceInput = z.object({ id: text(100) })

/** Ends a silence now. Throws `not_found`, or `forbidden` where it silences clusters that the actor is not operator of. */
export async function endSilence(ctx: Context, { id }: z.output<typeof endSilenceInput>): Promise<void> {
  const now = new Date(ctx.now())
  await ctx.store.prisma.$transaction(async (tx) => {
    const found = await tx.alertSilence.findUnique({ where: { id } })
    if (!found) throw new DomainError("not_found", "This silence is not there.")
    const clusters = z.array(z.string()).parse(found.clusters)
    if (!mayEnd(ctx.actor, clusters))
      throw new DomainError(
        "forbidden",
        "This silence holds on clusters where you are not operator. Ask its author, or an operator of all.",
      )
    if (found.endsAt !== null && found.endsAt <= now) return
    await tx.alertSilence.update({ where: { id }, data: { endsAt: now } })
    await audit(tx, ctx, {
      action: "alert.silence.end",
      cluster: null,
      target: formatMatchers(matchers.parse(found.matchers)),
      before: { endsAt: found.endsAt?.getTime() ?? null },
      after: { endsAt: now.getTime() },
      result: "ok",
    })
  })
}

function checkTimes(input: NewSilence, { startsAt, now }: { startsAt: number; now: number }): void {
  const { endsAt, recurrence: window } = input
  if (endsAt === null && window === null)
    throw new DomainError("bad_input", "Say when the silence ends, or make it a window that comes back.")
  if (endsAt === null) return
  if (endsAt <= now) throw new DomainError("bad_input", "The silence would have ended already.")
  if (endsAt <= startsAt) throw new DomainError("bad_input", "The silence would end before it begins.")
  if (window === null && endsAt - startsAt > MAX_LENGTH_MS)
    throw new DomainError("bad_input", "A silence may last a year at the most. Disable the rule instead.")
}

/** The clusters that the actor may silence; none named: all. */
function actableClusters(ctx: Context): readonly string[] {
  const mine = silenceable(ctx.actor)
  if (mine === "all") return []
  if (mine.length === 0)
    throw new DomainError("forbidden", "Silencing alerts needs the role operator on a cluster.")
  return mine
}
