import { z } from "zod"
import type { Context } from "#server/context.ts"
import { readDocument, readEach } from "#server/store/index.ts"
import { type Labels, labels as labelsSchema, matchers } from "../matcher.ts"
import { visible } from "../queries/visible.ts"
import type { SilenceRow } from "../views.ts"
import { mayEnd, maySee, silenceable } from "./reach.ts"
import { toSilence } from "./read.ts"
import { isActive, type Silence, silenceOf } from "./window.ts"

/** For so long a silence that has ended is listed, ms. */
const ENDED_MS = 7 * 86_400_000
const MAX_LISTED = 1000

/** Silences that hold, will or did until lately, of what the actor may see, with the firing alerts that each one mutes. */
export async function listSilences(ctx: Context): Promise<{ rows: SilenceRow[] }> {
  const now = ctx.now()
  const since = new Date(now - ENDED_MS)
  const found = await ctx.store.prisma.alertSilence.findMany({
    where: { OR: [{ endsAt: null }, { endsAt: { gt: since } }] },
    orderBy: { createdAt: "desc" },
    take: MAX_LISTED,
  })
  const report = (error: unknown) => ctx.log.error({ err: error }, "a silence cannot be read")
  const fires = await firingLabels(ctx)
  const rows = readEach(
    found,
    (row): SilenceRow => {
      const silence = toSilence({
        ...row,
        starts_at: row.startsAt,
        ends_at: row.endsAt,
      })
      return {
        ...silence,
        matchers: [...silence.matchers],
        clusters: [...silence.clusters],
        comment: row.comment,
        createdBy: row.createdBy,
        createdAt: row.createdAt.getTime(),
        state: stateOf(silence, now),
        mutes: fires.filter((labels) => silenceOf([silence], labels, now) !== null).length,
        mayEnd: mayEnd(ctx.actor, silence.clusters),
      }
    },
    report,
  )
  return { rows: rows.filter((row) => maySee(ctx.actor, row)) }
}

export const previewSilenceInput = z.object({ matchers })

/** How many alerts that fire now would be muted by a silence that held for the actor's clusters. */
export async function previewSilence(
  ctx: Context,
  input: z.output<typeof previewSilenceInput>,
): Promise<{ mutes: number }> {
  const mine = silenceable(ctx.actor)
  if (mine !== "all" && mine.length === 0) return { mutes: 0 }
  const fires = await firingLabels(ctx)
  const silence: Silence = {
    id: "",
    matchers: input.matchers,
    startsAt: 0,
    endsAt: null,
    recurrence: null,
    clusters: mine === "all" ? [] : mine,
  }
  return { mutes: fires.filter((labels) => silenceOf([silence], labels, ctx.now()) !== null).length }
}

async function firingLabels(ctx: Context): Promise<Labels[]> {
  const rows = await ctx.store.prisma.alert.findMany({
    where: { ...visible(ctx.actor), state: "firing" },
    select: { id: true, labels: true },
  })
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert cannot be read")
  return readEach(rows, (row) => readDocument(labelsSchema, row.labels, `Alert ${row.id}`), report)
}

function stateOf(silence: Silence, now: number): SilenceRow["state"] {
  if (silence.endsAt !== null && silence.endsAt <= now) return "ended"
  return isActive(silence, now) ? "active" : "scheduled"
}
