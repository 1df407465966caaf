import type { Logger } from "#server/log.ts"
import { toJson } from "#server/store/index.ts"
import type { Labels } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { readSilences } from "../silences/read.ts"
import { type Silence, silenceOf } from "../silences/window.ts"
import { type ChangedAlert, readFiring, readNoticed, type StoredAlert } from "./alerts.ts"
import { compose } from "./compose.ts"
import { inhibitorOf, type Route, type Routing } from "./routing.ts"

const MAX_GROUPS = 500
/** A group in which something is muted is looked at again this soon, ms. */
const MUTED_LOOK_MS = 15_000

interface FlushParts {
  log: Logger
  url: string
  routing: Routing
  now: number
  enqueue: (db: Database, groupId: string) => Promise<void>
}

interface Group {
  id: string
  route_id: string
  channel_id: string
  labels: Labels
  key: string
  notified_at: Date | null
}

interface Muting {
  routing: Routing
  silences: readonly Silence[]
  firing: readonly StoredAlert[]
  now: number
}

/** Makes one notification of each group that is due and has something to tell. Returns how many. */
export async function flushDue(db: Database, parts: FlushParts): Promise<number> {
  const { now, log, routing } = parts
  const { rows: groups } = await db.query<Group>(
    `select g.id, g.route_id, g.channel_id, g.labels, g.key, g.notified_at from alert_group g
     join alert_channel c on c.id = g.channel_id and c.enabled
     where g.due_at <= $1 order by g.due_at, g.id limit $2 for update of g skip locked`,
    [new Date(now).toISOString(), MAX_GROUPS],
  )
  if (groups.length === 0) return 0
  const report = (error: unknown) => log.error({ err: error }, "alerts cannot be read for a notification")
  const muting = {
    routing,
    now,
    silences: await readSilences(db, now, report),
    firing: await readFiring(db, report),
  }
  let made = 0
  for (const group of groups) if (await flush(db, { group, muting, parts })) made += 1
  return made
}

async function flush(
  db: Database,
  of: { group: Group; muting: Muting; parts: FlushParts },
): Promise<boolean> {
  const { group, muting, parts } = of
  const { now, routing } = parts
  const noticed = await readNoticed(db, group.id, (error) =>
    parts.log.error({ err: error }, "an alert cannot be read for a notification"),
  )
  const sorted = sortOut(noticed, muting)
  await mark(db, group.id, sorted)
  const still = await firingIn(db, group.id, muting)
  const route = routing.routes.find(
    (one) => one.id === group.route_id || `${one.id}/escalation` === group.route_id,
  )
  const reminds = sorted.told.length === 0 && still.length > 0 && isDue(group, route, now)
  const told = sorted.told.length > 0 || reminds
  if (told) {
    const content = compose({
      group: { key: group.key, labels: group.labels },
      changed: sorted.told,
      still,
      kind: reminds ? "reminder" : "alerts",
      url: parts.url,
      now,
    })
    await send(db, { group, content, events: sorted.told.map((one) => one.eventId), now })
    await parts.enqueue(db, group.id)
  }
  await schedule(db, { group, route, told, waits: sorted.muted.length > 0, fires: still.length > 0, now })
  return told
}

interface SortedOut {
  told: ChangedAlert[]
  muted: { eventId: string; reason: string }[]
  dropped: { eventId: string; reason: string }[]
}

/**
 * What is told now, what waits until it is no longer muted, and what nobody needs to know: the end of an alert whose
 * beginning was never told, and both of one that began and ended while it was muted.
 */
function sortOut(noticed: readonly (ChangedAlert & { wasTold: boolean })[], muting: Muting): SortedOut {
  const sorted: SortedOut = { told: [], muted: [], dropped: [] }
  const begun = new Set<string>()
  for (const one of noticed) {
    const { alert, eventId, event } = one
    if (event === "fired" || event === "escalated") {
      const reason = mutedBy(alert, muting)
      if (reason === null) {
        sorted.told.push(one)
        begun.add(alert.id)
      } else sorted[alert.state === "firing" ? "muted" : "dropped"].push({ eventId, reason })
    } else if (one.wasTold || begun.has(alert.id)) sorted.told.push(one)
    else sorted.dropped.push({ eventId, reason: "No notification said that it fired." })
  }
  return sorted
}

/** Why nobody is to be told of an alert now, in a sentence; null: tell. */
function mutedBy(alert: StoredAlert, { routing, silences, firing, now }: Muting): string | null {
  const silence = silenceOf(silences, alert.labels, now)
  if (silence) return `Silenced by ${silence.id}.`
  const by = inhibitorOf(routing, alert, firing)
  return by ? `Explained by alert ${by.id}: ${by.sentence}` : null
}

async function mark(db: Database, groupId: string, { muted, dropped }: SortedOut): Promise<void> {
  const rows = [
    ...muted.map((one) => ({ event_id: one.eventId, state: "muted", reason: one.reason })),
    ...dropped.map((one) => ({ event_id: one.eventId, state: "dropped", reason: one.reason })),
  ]
  if (rows.length === 0) return
  await db.query(
    `update alert_notice n set state = x.state, reason = x.reason
     from jsonb_to_recordset($1) as x(event_id bigint, state text, reason text)
     where n.event_id = x.event_id and n.group_id = $2`,
    [toJson(rows), groupId],
  )
}

/** What was told in this group and fires still, unless it is muted or acknowledged by now. */
async function firingIn(db: Database, groupId: string, muting: Muting): Promise<StoredAlert[]> {
  const { rows } = await db.query<{ alert_id: string }>(
    `select distinct alert_id from alert_notice where group_id = $1 and kind in ('fired', 'escalated') and state = 'sent'`,
    [groupId],
  )
  const told = new Set(rows.map((row) => row.alert_id))
  return muting.firing.filter(
    (alert) => told.has(alert.id) && alert.acknowledgedBy === null && mutedBy(alert, muting) === null,
  )
}

function isDue(group: Group, route: Route | undefined, now: number): boolean {
  if (!route || route.repeatIntervalMs === 0 || group.notified_at === null) return false
  return now - group.notified_at.getTime() >= route.repeatIntervalMs
}

async function send(
  db: Database,
  of: { group: Group; content: unknown; events: readonly string[]; now: number },
): Promise<void> {
  await db.query(
    `with made as (
       insert into alert_notification (channel_id, group_id, created_at, content) values ($1, $2, $3, $4) returning id)
     update alert_notice set state = 'sent', reason = null, notification_id = (select id from made)
     where group_id = $2 and event_id = any($5::bigint[])`,
    [of.group.channel_id, of.group.id, new Date(of.now).toISOString(), toJson(of.content), of.events],
  )
}

/** When the group is looked at next: soon for what is muted, later to remind of what still fires, else when something happens. */
async function schedule(
  db: Database,
  of: { group: Group; route: Route | undefined; told: boolean; waits: boolean; fires: boolean; now: number },
): Promise<void> {
  const { group, route, told, waits, now } = of
  const last = told ? now : (group.notified_at?.getTime() ?? now)
  const repeat = route?.repeatIntervalMs ?? 0
  const times = [
    ...(waits ? [now + MUTED_LOOK_MS] : []),
    ...((of.fires || told) && repeat > 0 ? [Math.max(now + 1000, last + repeat)] : []),
  ]
  await db.query(
    `update alert_group set due_at = $2, notified_at = coalesce($3, notified_at),
       notifications = notifications + $4 where id = $1`,
    [
      group.id,
      times.length === 0 ? null : new Date(Math.min(...times)).toISOString(),
      told ? new Date(now).toISOString() : null,
      told ? 1 : 0,
    ],
  )
}
