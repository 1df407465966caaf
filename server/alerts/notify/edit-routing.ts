import { isDeepStrictEqual } from "node:util"
import { z } from "zod"
import { audit } from "#server/access/index.ts"
import type { Context } from "#server/context.ts"
import { DomainError } from "#server/errors.ts"
import { text } from "#server/inputs.ts"
import { labelName } from "../matcher.ts"
import { formatMatchers } from "../matcher-text.ts"
import { readSilences } from "../silences/read.ts"
import { silenceOf } from "../silences/window.ts"
import type { ReceivedBy } from "../views.ts"
import { readCauses } from "./causes.ts"
import {
  DEFAULT_ROUTING,
  inhibitorOf,
  ROUTING_SETTING,
  type Routing,
  readRouting,
  routesOf,
  routing,
} from "./routing.ts"

/** First of the keys of transaction locks: one edit of the routing at a time. */
const LOCK = 7_245_006

/** The routing that holds, with the channels that routes can name. */
export async function getRouting(
  ctx: Context,
): Promise<{ routing: Routing; channels: { id: string; name: string; enabled: boolean }[] }> {
  const [found, channels] = await Promise.all([readRouting(ctx.store.pool), readChannels(ctx)])
  return { routing: found, channels }
}

function readChannels({ store }: Context) {
  return store.prisma.alertChannel.findMany({
    select: { id: true, name: true, enabled: true },
    orderBy: { name: "asc" },
  })
}

export const setRoutingInput = z.object({
  /** What the editor began from: a change that somebody else made meanwhile is not overwritten. */
  before: routing,
  routing,
})

/**
 * Replaces the routing. Throws `bad_input` for a route that cannot work, and `conflict` when it was changed since it was
 * read.
 */
export async function setRouting(ctx: Context, input: z.output<typeof setRoutingInput>): Promise<void> {
  const channels = new Set((await readChannels(ctx)).map((one) => one.id))
  checkRoutes(input.routing, channels)
  await ctx.store.prisma.$transaction(async (tx) => {
    await tx.$queryRaw`select 1 from pg_advisory_xact_lock(${LOCK})`
    const stored = await tx.setting.findUnique({ where: { name: ROUTING_SETTING } })
    const before = stored ? routing.parse(stored.value) : DEFAULT_ROUTING
    if (!isDeepStrictEqual(before, input.before))
      throw new DomainError("conflict", "Somebody else has changed the routing. Load the page again.")
    const value = input.routing
    await tx.setting.upsert({
      where: { name: ROUTING_SETTING },
      create: { name: ROUTING_SETTING, value },
      update: { value },
    })
    await audit(tx, ctx, {
      action: "alert.routing",
      cluster: null,
      target: "routing",
      before,
      after: value,
      result: "ok",
    })
  })
}

export const whoReceivesInput = z.object({
  labels: z.record(labelName, text(1000)),
})

/** Who would be told of an alert with these labels that fired now, and what would keep it back. */
export async function whoReceives(
  ctx: Context,
  { labels }: z.output<typeof whoReceivesInput>,
): Promise<ReceivedBy> {
  const now = ctx.now()
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert or silence cannot be read")
  const [{ routing: current, channels }, silences] = await Promise.all([
    getRouting(ctx),
    readSilences(ctx.store.pool, now, report),
  ])
  const causes = await readCauses(ctx.store.pool, { routing: current, now }, report)
  const namesOf = (chosen: "all" | readonly string[]) =>
    channels
      .filter(({ id, enabled }) => enabled && (chosen === "all" || chosen.includes(id)))
      .map(({ name }) => name)
  const silence = silenceOf(silences, labels, now)
  return {
    routes: routesOf(current, labels).map(({ id, name, channels: chosen, escalation, groupBy }) => ({
      id,
      name,
      channels: namesOf(chosen),
      groupBy,
      escalation: escalation && { afterMs: escalation.afterMs, channels: namesOf(escalation.channels) },
    })),
    silencedBy: silence && formatMatchers(silence.matchers),
    explainedBy: inhibitorOf(current, { id: "", labels }, causes)?.sentence ?? null,
  }
}

function checkRoutes({ routes }: Routing, channels: ReadonlySet<string>): void {
  const ids = new Set<string>()
  for (const [index, { id, name, channels: chosen, escalation, matchers, goesOn }] of routes.entries()) {
    const refuse = (why: string) => new DomainError("bad_input", `Route ${index + 1}, ${name}: ${why}`)
    if (ids.has(id)) throw refuse("another route has the same id.")
    ids.add(id)
    const named = [chosen, escalation?.channels ?? []].flatMap((one) => (one === "all" ? [] : one))
    if (named.some((one) => !channels.has(one)))
      throw refuse("one of its channels is no longer there. Choose others.")
    if (matchers.length === 0 && !goesOn && index < routes.length - 1)
      throw refuse(
        "it takes every alert, so the routes below are never reached. Move it to the end, or let it go on.",
      )
  }
}
