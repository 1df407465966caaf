import type { Logger } from "#server/log.ts"
import { toJson } from "#server/store/index.ts"
import type { Channel } from "../channels/channel.ts"
import { findChannel } from "../channels/index.ts"
import type { Labels } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { readSilences } from "../silences/read.ts"
import { type Silence, silenceOf } from "../silences/window.ts"
import { type ChangedAlert, type NoticedAlert, readFiring, readNoticed, type StoredAlert } from "./alerts.ts"
import { type Cause, explainedBy, readCauses } from "./causes.ts"
import { type Composing, type Content, compose } from "./compose.ts"
import { inhibitorOf, type Route, type Routing } from "./routing.ts"

const MAX_GROUPS = 500
/** A group in which something is muted is looked at again this soon, ms. */
const MUTED_LOOK_MS = 15_000

interface FlushParts {
  log: Logger
  url: string
  routing: Routing
  now: number
}

interface Group {
  id: string
  route_id: string
  channel_id: string
  /** Of its channel. */
  kind: string
  labels: Labels
  key: string
  notified_at: Date | null
  /** Whether a notification of it waits to be delivered. */
  waits: boolean
}

interface Muting {
  routing: Routing
  silences: readonly Silence[]
  firing: readonly StoredAlert[]
  /** What may explain others. */
  causes: readonly Cause[]
  now: number
}

/** What becomes of a group that is due. */
interface Flushed {
  group: Group
  sorted: SortedOut
  /** What is told: one notification, or as many as it takes for a channel that needs every alert. */
  told: readonly { content: Content; eventIds: readonly string[] }[]
  /** Whether it only keeps alive what the receiver knows. */
  keepsAlive: boolean
  dueAt: number | null
}

/** Makes notifications of each group that is due and has something to tell. Returns of how many groups. */
export async function flushDue(db: Database, parts: FlushParts): Promise<number> {
  const { now, log, routing } = parts
  const { rows: groups } = await db.query<Group>(
    `select g.id, g.route_id, g.channel_id, c.kind, g.labels, g.key, g.notified_at, exists (
         select 1 from alert_notification n where n.group_id = g.id and n.state = 'queued') as waits
     from alert_group g
     join alert_channel c on c.id = g.channel_id and c.enabled
     where g.due_at <= $1 order by g.due_at, g.id limit $2 for update of g skip locked`,
    [new Date(now).toISOString(), MAX_GROUPS],
  )
  if (groups.length === 0) return 0
  const report = (error: unknown) => log.error({ err: error }, "alerts cannot be read for a notification")
  const ids = groups.map((group) => group.id)
  const muting = {
    routing,
    now,
    silences: await readSilences(db, now, report),
    firing: await readFiring(db, report),
    causes: await readCauses(db, { routing, now }, report),
  }
  const explained = explainedBy(routing, muting.firing, muting.causes)
  const noticed = Map.groupBy(await readNoticed(db, ids, report), (one) => one.groupId)
  const told = await readTold(db, ids)
  const flushed = groups.map((group) =>
    flush(
      group,
      { noticed: noticed.get(group.id) ?? [], told: told.get(group.id) ?? new Set() },
      { muting, parts, explained },
    ),
  )
  await mark(db, flushed)
  await forgetKeptAlive(db, flushed)
  await send(db, flushed, now)
  await schedule(db, flushed, now)
  const sent = flushed.flatMap(({ group, told }) => (told.length === 0 ? [] : [group.id]))
  return sent.length
}

/** `told`: the alerts that the group was told of already. */
function flush(
  group: Group,
  { noticed, told }: { noticed: readonly NoticedAlert[]; told: ReadonlySet<string> },
  of: { muting: Muting; parts: FlushParts; explained: Composing["explained"] },
): Flushed {
  const { muting, parts, explained } = of
  const { now, routing } = parts
  const sorted = sortOut(noticed, muting)
  const channel = findChannel(group.kind)
  const aliveMs = channel?.keepAliveMs ?? null
  // A receiver that would take silence for the end hears of what is acknowledged or muted too.
  const still = muting.firing.filter(
    (alert) =>
      told.has(alert.id) &&
      (aliveMs !== null || (alert.acknowledgedBy === null && mutedBy(alert, muting) === null)),
  )
  const route = routing.routes.find(
    (one) => one.id === group.route_id || `${one.id}/escalation` === group.route_id,
  )
  const hasNews = sorted.told.length > 0
  const keepsAlive = !hasNews && aliveMs !== null && still.length > 0 && !group.waits
  const reminds = !hasNews && aliveMs === null && still.length > 0 && isDue(group, route, now)
  const toTell: Composing = {
    group: { key: group.key, labels: group.labels },
    changed: sorted.told,
    still,
    kind: hasNews ? "alerts" : "reminder",
    explained,
    url: parts.url,
    now,
  }
  const tells = hasNews || reminds
  const everyMs = aliveMs ?? route?.repeatIntervalMs ?? 0
  return {
    group,
    sorted,
    told: tells || keepsAlive ? notificationsOf(toTell, channel) : [],
    keepsAlive,
    dueAt: nextLook(group, {
      ...{ tells, waits: sorted.muted.length > 0, fires: still.length > 0, now, everyMs },
      since: aliveMs === null ? null : now,
    }),
  }
}

function notificationsOf(toTell: Composing, channel: Channel | undefined): Flushed["told"] {
  const most = channel?.everyAlert ?? null
  const { changed, still, kind } = toTell
  const of = (part: Composing) => ({
    content: compose(part),
    eventIds: part.changed.map(({ eventId }) => eventId),
  })
  if (most === null) return [of(toTell)]
  if (kind === "reminder") return partsOf(still, most).map((part) => of({ ...toTell, still: part }))
  return partsOf(changed, most).map((part) => of({ ...toTell, changed: part, still: [] }))
}

function partsOf<One>(all: readonly One[], most: number): One[][] {
  return Array.from({ length: Math.ceil(all.length / most) }, (_, i) => all.slice(i * most, (i + 1) * most))
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
function sortOut(noticed: readonly NoticedAlert[], muting: Muting): SortedOut {
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
function mutedBy(alert: StoredAlert, { routing, silences, causes, now }: Muting): string | null {
  const silence = silenceOf(silences, alert.labels, now)
  if (silence) return `Silenced by ${silence.id}.`
  const by = inhibitorOf(routing, alert, causes)
  return by ? `Explained by alert ${by.id}: ${by.sentence}` : null
}

async function mark(db: Database, flushed: readonly Flushed[]): Promise<void> {
  const rows = flushed.flatMap(({ group, sorted: { muted, dropped } }) => [
    ...muted.map((one) => ({
      group_id: group.id,
      event_id: one.eventId,
      state: "muted",
      reason: one.reason,
    })),
    ...dropped.map((one) => ({
      group_id: group.id,
      event_id: one.eventId,
      state: "dropped",
      reason: one.reason,
    })),
  ])
  if (rows.length === 0) return
  await db.query(
    `update alert_notice n set state = x.state, reason = x.reason
     from jsonb_to_recordset($1) as x(group_id bigint, event_id bigint, state text, reason text)
     where n.event_id = x.event_id and n.group_id = x.group_id`,
    [toJson(rows)],
  )
}

/** By group, the alerts that it was told of. */
async function readTold(db: Database, groupIds: readonly string[]): Promise<Map<string, Set<string>>> {
  const { rows } = await db.query<{ group_id: string; alert_id: string }>(
    `select distinct group_id, alert_id from alert_notice
     where group_id = any($1::bigint[]) and kind in ('fired', 'escalated') and state = 'sent'`,
    [groupIds],
  )
  const byGroup = Map.groupBy(rows, (row) => row.group_id)
  return new Map([...byGroup].map(([id, list]) => [id, new Set(list.map((row) => row.alert_id))]))
}

function isDue(group: Group, route: Route | undefined, now: number): boolean {
  if (!route || route.repeatIntervalMs === 0 || group.notified_at === null) return false
  return now - group.notified_at.getTime() >= route.repeatIntervalMs
}

/** Of what only keeps alerts alive, the last of a group is enough to keep. */
async function forgetKeptAlive(db: Database, flushed: readonly Flushed[]): Promise<void> {
  const ids = flushed.flatMap(({ group, keepsAlive }) => (keepsAlive ? [group.id] : []))
  if (ids.length === 0) return
  await db.query(
    `delete from alert_notification where group_id = any($1::bigint[]) and state <> 'queued'
       and content->>'kind' = 'reminder'`,
    [ids],
  )
}

async function send(db: Database, flushed: readonly Flushed[], now: number): Promise<void> {
  const rows = flushed.flatMap(({ group, told }) =>
    told.map(({ content, eventIds }) => ({
      group_id: group.id,
      channel_id: group.channel_id,
      content,
      event_ids: eventIds,
    })),
  )
  if (rows.length === 0) return
  const numbered = rows.map((row, nth) => ({ nth, ...row }))
  await db.query(
    `with x as (
       select * from jsonb_to_recordset($1) as x(nth int, group_id bigint, channel_id text, content jsonb, event_ids bigint[])),
     made as (
       insert into alert_notification (channel_id, group_id, created_at, next_at, content)
       select channel_id, group_id, $2, $2, content from x order by nth returning id),
     numbered as (select id, row_number() over (order by id) - 1 as nth from made)
     update alert_notice n set state = 'sent', reason = null, notification_id = numbered.id
     from x join numbered using (nth) where n.group_id = x.group_id and n.event_id = any(x.event_ids)`,
    [toJson(numbered), new Date(now).toISOString()],
  )
}

/**
 * When the group is looked at next: soon for what is muted, later to remind of what still fires, else (null) when something
 * happens. `since`: from when on `everyMs` counts; null: from the last notification.
 */
function nextLook(
  group: Group,
  of: { tells: boolean; waits: boolean; fires: boolean; everyMs: number; since: number | null; now: number },
): number | null {
  const { tells, waits, everyMs, now } = of
  const last = of.since ?? (tells ? now : (group.notified_at?.getTime() ?? now))
  const times = [
    ...(waits ? [now + MUTED_LOOK_MS] : []),
    ...((of.fires || tells) && everyMs > 0 ? [Math.max(now + 1000, last + everyMs)] : []),
  ]
  return times.length === 0 ? null : Math.min(...times)
}

async function schedule(db: Database, flushed: readonly Flushed[], now: number): Promise<void> {
  const at = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())
  const rows = flushed.map(({ group, told, keepsAlive, dueAt }) => ({
    id: group.id,
    due_at: at(dueAt),
    // What only keeps alive does not hold up what is new.
    notified_at: told.length === 0 || keepsAlive ? null : at(now),
    made: told.length,
  }))
  await db.query(
    `update alert_group g set due_at = x.due_at, notified_at = coalesce(x.notified_at, g.notified_at),
       notifications = g.notifications + x.made
     from jsonb_to_recordset($1) as x(id bigint, due_at timestamptz, notified_at timestamptz, made int)
     where g.id = x.id`,
    [toJson(rows)],
  )
}
