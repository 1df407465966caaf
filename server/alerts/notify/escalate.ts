import { readDocument } from "#server/store/index.ts"
import { labels as labelsSchema } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { addNotices, enabledChannels, placeOf, receiversOf } from "./notices.ts"
import { type Routing, routesOf } from "./routing.ts"

/** Alerts that nobody acknowledged in time are told to others as well, once. */
export async function escalate(db: Database, of: { routing: Routing; now: number }): Promise<void> {
  const { routing, now } = of
  const waits = routing.routes.flatMap(({ escalation }) => (escalation ? [escalation.afterMs] : []))
  if (waits.length === 0) return
  const { rows } = await db.query<{ id: string; labels: unknown; fired_at: Date }>(
    `select id, labels, fired_at from alert where state = 'firing' and acknowledged_at is null
       and escalated_at is null and fired_at <= $1 for update skip locked`,
    [new Date(now - Math.min(...waits)).toISOString()],
  )
  const channels = await enabledChannels(db)
  for (const { id, labels: stored, fired_at } of rows) {
    const labels = readDocument(labelsSchema, stored, `The labels of alert ${id}`)
    const places = routesOf(routing, labels).flatMap((route) => {
      const due = route.escalation && now - fired_at.getTime() >= route.escalation.afterMs
      if (!route.escalation || !due) return []
      const receivers = receiversOf(route.escalation.channels, channels)
      // A group of its own: whoever is called in is not told of all the rest.
      return receivers.map((channelId) =>
        placeOf({ ...route, id: `${route.id}/escalation` }, channelId, labels),
      )
    })
    if (places.length === 0) continue
    const { rows: added } = await db.query<{ id: string }>(
      `with escalated as (update alert set escalated_at = $2 where id = $1 returning id)
       insert into alert_event (alert_id, at, kind) select id, $2, 'escalated' from escalated returning id`,
      [id, new Date(now).toISOString()],
    )
    const event = { id: added[0]?.id ?? "", alertId: id, kind: "escalated" }
    await addNotices(
      db,
      places.map((place) => ({ event, place })),
      now,
    )
  }
}
