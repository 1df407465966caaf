import type { Vault } from "#server/access/index.ts"
import { messageOf } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { readDocument, type Store, withConnection } from "#server/store/index.ts"
import { type Delivered, DeliveryError, type Pictures } from "../channels/channel.ts"
import { findChannel } from "../channels/index.ts"
import { type Notification, notification } from "../channels/notification.ts"
import { openSettings } from "../channels/settings.ts"
import { pictureOf } from "../charts/index.ts"
import type { Database } from "../signals/signal.ts"

/** First of the keys of the locks by which one process at a time delivers to a channel. */
const LOCK_SPACE = 7247
/** A receiver that does not take a notification for so long is given up for it, ms. */
const GIVE_UP_MS = 86_400_000
const FIRST_RETRY_MS = 1000
const MAX_RETRY_MS = 600_000
/** A receiver that takes nothing is asked again this often at least, by what is new for it, ms. */
const MAX_PAUSE_MS = 60_000
const MAX_DOUBLINGS = 20
/** After so long the turn is another channel's, ms. */
const TURN_MS = 10_000
/** Read at once; each is recorded before the next is sent. */
const BATCH = 50

export interface DeliverParts {
  store: Store
  vault: Vault
  log: Logger
  /** Names this installation in the ids of notifications. */
  installation: string
  /** The clock, ms. */
  now: () => number
}

interface Queued {
  id: string
  channel_id: string
  kind: string
  settings: string
  /** Deliveries to the channel that failed in a row. */
  failures: number
  content: unknown
  attempts: number
  created_at: Date
}

/** The channels that have something to be delivered now, by id. */
export async function dueChannels({ store, now }: Pick<DeliverParts, "store" | "now">): Promise<string[]> {
  const { rows } = await store.pool.query<{ id: string }>(
    `select c.id from alert_channel c where c.enabled and (c.paused_until is null or c.paused_until <= $1)
       and exists (select 1 from alert_notification n
         where n.channel_id = c.id and n.state = 'queued' and n.next_at <= $1)
     order by c.delivered_at nulls first`,
    [new Date(now()).toISOString()],
  )
  return rows.map(({ id }) => id)
}

/**
 * Delivers what waits for one channel, one after the other: each is recorded before the next is sent, and no other process
 * delivers to the channel meanwhile. A process or a database that is killed therefore makes at most one notification come
 * twice to a receiver. Returns when nothing is due, its turn is over, another process is at it, or the receiver is to be left alone.
 *
 * One that fails holds up those of its group, so that nobody hears of the end of an alert before its beginning. It is tried
 * again with exponential back-off and jitter, and the receiver is left alone for a while, or as long as it asks for
 * (Retry-After); then those of other groups have their turn first. One that will never be taken is marked as failed.
 */
export async function deliverChannel(
  parts: DeliverParts,
  channelId: string,
  signal?: AbortSignal,
): Promise<void> {
  await withConnection(parts.store, async (client, spoil) => {
    const key = [LOCK_SPACE, channelId]
    const { rows } = await client.query<{ got: boolean }>(
      "select pg_try_advisory_lock($1, hashtext($2)) as got",
      key,
    )
    if (!rows[0]?.got) return
    try {
      const until = parts.now() + TURN_MS
      let goesOn = true
      while (goesOn && !signal?.aborted && parts.now() < until)
        goesOn = await deliverBatch(client, parts, { channelId, signal })
    } finally {
      await client.query("select pg_advisory_unlock($1, hashtext($2))", key).catch(spoil)
    }
  })
}

/** Whether there may be more to deliver now. */
async function deliverBatch(
  db: Database,
  parts: DeliverParts,
  { channelId, signal }: { channelId: string; signal: AbortSignal | undefined },
): Promise<boolean> {
  const batch = await nextOf(db, channelId, parts.now())
  for (const queued of batch) {
    if (signal?.aborted) return false
    if (!(await deliver(db, parts, queued))) return false
  }
  return batch.length > 0
}

/** Of each group the first that waits, oldest first. */
async function nextOf(db: Database, channelId: string, now: number): Promise<Queued[]> {
  const { rows } = await db.query<Queued>(
    `select n.id, n.channel_id, c.kind, c.settings, c.failures, n.content, n.attempts, n.created_at
     from alert_notification n join alert_channel c on c.id = n.channel_id
     where n.channel_id = $1 and n.state = 'queued' and n.next_at <= $2 and c.enabled
       and (c.paused_until is null or c.paused_until <= $2)
       and not exists (select 1 from alert_notification b
         where b.group_id = n.group_id and b.state = 'queued' and b.id < n.id)
     order by n.id limit $3`,
    [channelId, new Date(now).toISOString(), BATCH],
  )
  return rows
}

/** Tries once. Returns whether the channel may be asked at once again. */
async function deliver(db: Database, parts: DeliverParts, queued: Queued): Promise<boolean> {
  try {
    const { answer } = await sendQueued(parts, queued)
    return await record(db, queued, { state: "delivered", answer, now: parts.now() })
  } catch (error) {
    if (!(error instanceof DeliveryError)) throw error
    const now = parts.now()
    const mayRetry = error.retry && now - queued.created_at.getTime() <= GIVE_UP_MS
    parts.log.warn(
      { channel: queued.channel_id, notification: queued.id, err: error },
      "a notification was not taken",
    )
    const failed = { answer: error.message, now }
    if (!mayRetry) return record(db, queued, { ...failed, state: "failed" })
    const { retryAfterMs } = error
    const nextAt = now + retryIn(queued.attempts, retryAfterMs, MAX_RETRY_MS)
    const pausedUntil = now + retryIn(queued.failures, retryAfterMs, MAX_PAUSE_MS)
    await record(db, queued, { ...failed, state: "queued", nextAt, pausedUntil })
    return false
  }
}

/** What fails here as anything but a delivery fails for good, and holds up nothing. */
async function sendQueued(parts: DeliverParts, queued: Queued): Promise<Delivered> {
  const { vault, installation } = parts
  try {
    const channel = findChannel(queued.kind)
    if (!channel) throw new Error(`No channel is of the kind ${queued.kind}.`)
    const settings = openSettings(vault, channel, { id: queued.channel_id, sealed: queued.settings })
    return await channel.send(settings, contentOf(queued, installation), picturesOf(parts))
  } catch (cause) {
    if (cause instanceof DeliveryError) throw cause
    throw new DeliveryError(messageOf(cause), { retry: false, cause })
  }
}

/** A notification without its pictures is better than none. */
function picturesOf({ store, log, now }: DeliverParts): Pictures {
  return ({ fingerprint }) =>
    pictureOf(store, fingerprint, now()).catch((error: unknown) => {
      log.warn({ err: error }, "a chart could not be drawn")
      return null
    })
}

function contentOf({ id, content }: Queued, installation: string): Notification {
  const stored = typeof content === "object" && content !== null ? content : {}
  return readDocument(notification, { ...stored, id: `${installation}-${id}` }, `Notification ${id}`)
}

/** Half of the wait is chance, so that receivers that were away are not asked by everybody at once. */
function retryIn(failed: number, retryAfterMs: number | null, mostMs: number): number {
  const most = Math.min(mostMs, FIRST_RETRY_MS * 2 ** Math.min(failed, MAX_DOUBLINGS))
  const backOff = most / 2 + (Math.random() * most) / 2
  return Math.max(backOff, Math.min(retryAfterMs ?? 0, MAX_RETRY_MS))
}

interface Outcome {
  state: "delivered" | "queued" | "failed"
  answer: string
  /** ms */
  now: number
  /** When it is tried again, and when the channel is, ms. */
  nextAt?: number
  pausedUntil?: number
}

const RECORD = `with sent as (
    update alert_notification set state = $2, answer = $3, attempts = attempts + 1,
      next_at = coalesce($6::timestamptz, next_at), delivered_at = case when $8::boolean then $5::timestamptz end
    where id = $1)
  update alert_channel set delivered_at = case when $8::boolean then $5::timestamptz else delivered_at end,
    failed_at = case when $8::boolean then failed_at else $5::timestamptz end,
    problem = case when $8::boolean then null else $3 end, failures = case when $8::boolean then 0 else failures + 1 end,
    failing_since = case when $8::boolean then null else coalesce(failing_since, $5::timestamptz) end,
    paused_until = $7::timestamptz
  where id = $4 returning enabled`

/** Returns whether the channel is still there to be delivered to. */
async function record(db: Database, { id, channel_id }: Queued, outcome: Outcome): Promise<boolean> {
  const { state, answer, now, nextAt, pausedUntil } = outcome
  const at = (ms: number | undefined) => (ms === undefined ? null : new Date(ms).toISOString())
  const values = [id, state, answer, channel_id, at(now), at(nextAt), at(pausedUntil), state === "delivered"]
  // Named: once for each connection it is parsed and planned, not once for each notification.
  const { rows } = await db.query<{ enabled: boolean }>({ name: "alert-delivery", text: RECORD, values })
  return rows[0]?.enabled ?? false
}
