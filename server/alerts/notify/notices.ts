import { toJson } from "#server/store/index.ts"
import { CHANNELS } from "../channels/index.ts"
import type { Labels } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { groupLabelsOf, type Route, type Routing } from "./routing.ts"

/** Something that happened to an alert. */
export interface Event {
  id: string
  alertId: string
  kind: string
}

/** Where one channel is told of alerts together. */
export interface Place {
  routeId: string
  channelId: string
  labels: Labels
  waitMs: number
  intervalMs: number
}

export function placeOf(route: Route, channelId: string, labels: Labels): Place {
  return {
    routeId: route.id,
    channelId,
    labels: groupLabelsOf(route, labels),
    waitMs: route.groupWaitMs,
    intervalMs: route.groupIntervalMs,
  }
}

export function receiversOf(chosen: Route["channels"], enabled: readonly string[]): readonly string[] {
  return chosen === "all" ? enabled : chosen.filter((id) => enabled.includes(id))
}

export async function enabledChannels(db: Database): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    "select id from alert_channel where enabled order by id",
    [],
  )
  return rows.map((row) => row.id)
}

/** Adds events to groups, which are made where there are none, and are due once they have waited. */
export async function addNotices(
  db: Database,
  wanted: readonly { event: Event; place: Place }[],
  now: number,
): Promise<void> {
  if (wanted.length === 0) return
  const rows = wanted.map(({ event, place }) => ({
    event_id: event.id,
    alert_id: event.alertId,
    kind: event.kind,
    key: JSON.stringify([place.routeId, place.channelId, sorted(place.labels)]),
    route_id: place.routeId,
    channel_id: place.channelId,
    labels: place.labels,
    wait: place.waitMs,
    interval: place.intervalMs,
  }))
  await db.query(
    `with x as (
       select * from jsonb_to_recordset($1) as x(event_id bigint, alert_id bigint, kind text, key text, route_id text,
         channel_id text, labels jsonb, wait float8, interval float8)),
     groups as (
       insert into alert_group (route_id, channel_id, labels, key, due_at)
       select distinct on (key) route_id, channel_id, labels, key, $2::timestamptz + wait * interval '1 ms' from x order by key
       on conflict (key) do update set due_at = least(alert_group.due_at, greatest(
         $2::timestamptz, coalesce(alert_group.notified_at + (
           select max(x.interval) from x where x.key = alert_group.key) * interval '1 ms', excluded.due_at)))
       returning id, key)
     insert into alert_notice (event_id, group_id, alert_id, kind)
     select x.event_id, groups.id, x.alert_id, x.kind from x join groups using (key) on conflict do nothing`,
    [toJson(rows), new Date(now).toISOString()],
  )
}

/** Kinds of channels that tell of acknowledgements. */
const TELL_ACKNOWLEDGED = CHANNELS.filter((one) => one.tellsAcknowledged).map((one) => one.kind)

/**
 * What follows on an alert that has fired goes to whoever was told of that, or is about to be; acknowledgements only
 * through channels that tell of them.
 */
export async function followNotices(
  db: Database,
  events: readonly Event[],
  { routing, now }: { routing: Routing; now: number },
): Promise<void> {
  if (events.length === 0) return
  const intervals = routing.routes.map(({ id, groupIntervalMs }) => ({ id, interval: groupIntervalMs }))
  await db.query(
    `with x as (select * from jsonb_to_recordset($1) as x(event_id bigint, alert_id bigint, kind text)),
     added as (
       insert into alert_notice (event_id, group_id, alert_id, kind)
       select distinct x.event_id, n.group_id, x.alert_id, x.kind
       from x join alert_notice n on n.alert_id = x.alert_id and n.kind in ('fired', 'escalated')
         join alert_group g on g.id = n.group_id join alert_channel c on c.id = g.channel_id
       where x.kind not in ('acknowledged', 'unacknowledged') or c.kind = any($4)
       on conflict do nothing returning group_id)
     update alert_group g set due_at = least(g.due_at, greatest($2::timestamptz,
       coalesce(g.notified_at + r.interval * interval '1 ms', g.due_at, $2::timestamptz)))
     from (select distinct group_id from added) a
       join alert_group h on h.id = a.group_id
       left join jsonb_to_recordset($3) as r(id text, interval float8) on r.id = h.route_id
     where g.id = a.group_id`,
    [
      toJson(events.map(({ id, alertId, kind }) => ({ event_id: id, alert_id: alertId, kind }))),
      new Date(now).toISOString(),
      toJson(intervals),
      TELL_ACKNOWLEDGED,
    ],
  )
}

function sorted(labels: Labels): [string, string][] {
  return Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
}
