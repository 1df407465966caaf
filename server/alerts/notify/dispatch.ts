import type { Logger } from "#server/log.ts"
import { readDocument, type Store, transaction } from "#server/store/index.ts"
import { type Labels, labels as labelsSchema } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { escalate } from "./escalate.ts"
import { flushDue } from "./flush.ts"
import { addNotices, type Event, enabledChannels, followNotices, placeOf, receiversOf } from "./notices.ts"
import { type Routing, readRouting, routesOf } from "./routing.ts"

/** First of the keys of transaction locks; one dispatcher works at a time. */
const LOCK = 7_245_005
const MAX_EVENTS = 2000

export interface DispatchParts {
  store: Store
  log: Logger
  /** Where this Signalbox is reached, for links. */
  url: string
}

/** An event that nobody has been told of yet, with the labels of its alert. */
interface NewEvent extends Event {
  labels: Labels
}

/**
 * Turns what happened to alerts into notifications: each event goes to the groups of its routes, and groups that are due
 * become notifications. All in one transaction, so that a crash neither loses nor doubles one. Returns of how many groups
 * notifications were made.
 */
export async function dispatch(parts: DispatchParts, now: number): Promise<number> {
  return transaction(parts.store, async (client) => {
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_xact_lock($1) as got", [
      LOCK,
    ])
    if (!rows[0]?.got) return 0
    const routing = await readRouting(client)
    const events = await readEvents(client)
    await fanOut(client, { events, routing, now })
    await escalate(client, { routing, now })
    return flushDue(client, { ...parts, routing, now })
  })
}

async function readEvents(db: Database): Promise<NewEvent[]> {
  const { rows } = await db.query<{ id: string; alert_id: string; kind: string; labels: unknown }>(
    `select e.id, e.alert_id, e.kind, a.labels from alert_event e join alert a on a.id = e.alert_id
     where not e.dispatched order by e.id limit $1 for update of e skip locked`,
    [MAX_EVENTS],
  )
  return rows.map(({ id, alert_id, kind, labels }) => ({
    id,
    alertId: alert_id,
    kind,
    labels: readDocument(labelsSchema, labels, `The labels of alert ${alert_id}`),
  }))
}

/** Gives each event to the groups that are to be told of it. */
async function fanOut(
  db: Database,
  of: { events: readonly NewEvent[]; routing: Routing; now: number },
): Promise<void> {
  const { events, routing, now } = of
  if (events.length === 0) return
  const channels = await enabledChannels(db)
  const begun = events.filter((one) => one.kind === "fired")
  const wanted = begun.flatMap((event) =>
    routesOf(routing, event.labels).flatMap((route) =>
      receiversOf(route.channels, channels).map((channelId) => ({
        event,
        place: placeOf(route, channelId, event.labels),
      })),
    ),
  )
  await addNotices(db, wanted, now)
  await followNotices(
    db,
    events.filter((one) => one.kind !== "fired"),
    { routing, now },
  )
  await db.query("update alert_event set dispatched = true where id = any($1::bigint[])", [
    events.map((one) => one.id),
  ])
}
