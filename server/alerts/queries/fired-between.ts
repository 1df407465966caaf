import type { Context } from "#server/context.ts"
import { readFired } from "../notify/alerts.ts"
import { readCauses } from "../notify/causes.ts"
import { inhibitorOf, readRouting } from "../notify/routing.ts"
import { readSilences } from "../silences/read.ts"
import { silenceOf } from "../silences/window.ts"
import type { FiredAlert } from "../views.ts"
import { visibleSlugs } from "./visible.ts"

/** More at once are a number for whoever looks on. */
const MAX_FIRED = 100

/** The alerts that fired with the events of a span of ids, of what one may see; without what is silenced or explained by another. */
export async function firedBetween(
  ctx: Context,
  events: { from: number; to: number },
): Promise<FiredAlert[]> {
  const report = (error: unknown) => ctx.log.error({ err: error }, "an alert or silence cannot be read")
  const { pool } = ctx.store
  const fired = await readFired(pool, { ...events, slugs: visibleSlugs(ctx.actor), limit: MAX_FIRED }, report)
  if (fired.length === 0) return []
  const [silences, routing] = await Promise.all([readSilences(pool, ctx.now(), report), readRouting(pool)])
  const causes = await readCauses(pool, { routing, now: ctx.now() }, report)
  const told = fired.filter(
    (alert) =>
      silenceOf(silences, alert.labels, ctx.now()) === null && inhibitorOf(routing, alert, causes) === null,
  )
  return told.map(({ id, rule, severity, labels, sentence }) => ({
    ...{ id, severity, sentence },
    rule: rule.name,
    cluster: labels.cluster ?? null,
  }))
}
