import type { Vault } from "#server/access/index.ts"
import { messageOf } from "#server/errors.ts"
import type { Logger } from "#server/log.ts"
import { readDocument, type Store, withConnection } from "#server/store/index.ts"
import { DeliveryError } from "../channels/channel.ts"
import { findChannel } from "../channels/index.ts"
import { type Notification, notification } from "../channels/notification.ts"
import { openSettings } from "../channels/settings.ts"
import type { Database } from "../signals/signal.ts"

/** Deliveries of one group follow one another; this lock keeps a second worker from overtaking. */
const LOCK_SPACE = 7247
/** A receiver that does not take a notification for so long is given up for it, ms. */
const GIVE_UP_MS = 86_400_000
const FIRST_RETRY_MS = 1000
const MAX_RETRY_MS = 600_000
const MAX_DOUBLINGS = 20

export interface DeliverParts {
  store: Store
  vault: Vault
  log: Logger
  /** Names this installation in the ids of notifications. */
  installation: string
  /** Asks for the group again later. */
  again: (groupId: string, afterMs: number) => Promise<void>
}

interface Queued {
  id: string
  channel_id: string
  kind: string
  settings: string
  content: unknown
  attempts: number
  created_at: Date
}

/**
 * Delivers what waits for one group of alerts, in order. One that fails holds up those after it, so that nobody hears of
 * the end of an alert before its beginning; it is tried again later, with exponential back-off and jitter, or when the
 * receiver asks for it (Retry-After). One that will never be taken is marked as failed, and the next has its turn.
 */
export async function deliverGroup(parts: DeliverParts, groupId: string): Promise<void> {
  await withConnection(parts.store, async (client, spoil) => {
    // Waits for a worker that is at it: what it leaves behind is ours.
    await client.query("select pg_advisory_lock($1, hashtext($2))", [LOCK_SPACE, groupId])
    try {
      await deliverAll(client, parts, groupId)
    } finally {
      await client.query("select pg_advisory_unlock($1, hashtext($2))", [LOCK_SPACE, groupId]).catch(spoil)
    }
  })
}

async function deliverAll(db: Database, parts: DeliverParts, groupId: string): Promise<void> {
  for (let next = await nextOf(db, groupId); next; next = await nextOf(db, groupId)) {
    const retryInMs = await deliver(db, parts, next)
    if (retryInMs === null) continue
    await parts.again(groupId, retryInMs)
    return
  }
}

async function nextOf(db: Database, groupId: string): Promise<Queued | undefined> {
  const { rows } = await db.query<Queued>(
    `select n.id, n.channel_id, c.kind, c.settings, n.content, n.attempts, n.created_at
     from alert_notification n join alert_channel c on c.id = n.channel_id
     where n.group_id = $1 and n.state = 'queued' order by n.id limit 1`,
    [groupId],
  )
  return rows[0]
}

/** Tries once. Returns when to try again, ms; null: it is done with, one way or the other. */
async function deliver(db: Database, parts: DeliverParts, queued: Queued): Promise<number | null> {
  try {
    const { answer } = await sendQueued(parts, queued)
    await record(db, queued, { state: "delivered", answer })
    return null
  } catch (error) {
    const problem = messageOf(error)
    const isOver = Date.now() - queued.created_at.getTime() > GIVE_UP_MS
    const mayRetry = error instanceof DeliveryError && error.retry && !isOver
    parts.log.warn(
      { channel: queued.channel_id, notification: queued.id, err: error },
      "a notification was not taken",
    )
    await record(db, queued, { state: mayRetry ? "queued" : "failed", answer: problem })
    return mayRetry ? retryIn(queued.attempts, error.retryAfterMs) : null
  }
}

function sendQueued({ vault, installation }: DeliverParts, queued: Queued) {
  const channel = findChannel(queued.kind)
  if (!channel) throw new DeliveryError(`No channel is of the kind ${queued.kind}.`, { retry: false })
  const settings = openSettings(vault, channel, { id: queued.channel_id, sealed: queued.settings })
  return channel.send(settings, contentOf(queued, installation))
}

function contentOf({ id, content }: Queued, installation: string): Notification {
  const stored = typeof content === "object" && content !== null ? content : {}
  return readDocument(notification, { ...stored, id: `${installation}-${id}` }, `Notification ${id}`)
}

/** Half of the wait is chance, so that receivers that were away are not asked by everybody at once. */
function retryIn(attempts: number, retryAfterMs: number | null): number {
  const most = Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempts, MAX_DOUBLINGS))
  const backOff = most / 2 + (Math.random() * most) / 2
  return Math.max(backOff, Math.min(retryAfterMs ?? 0, MAX_RETRY_MS))
}

async function record(
  db: Database,
  { id, channel_id: channelId }: Queued,
  { state, answer }: { state: "delivered" | "queued" | "failed"; answer: string },
): Promise<void> {
  const ok = state === "delivered"
  await db.query(
    `with sent as (
       update alert_notification set state = $2, answer = $3, attempts = attempts + 1,
         delivered_at = case when $4 then now() end where id = $1)
     update alert_channel set delivered_at = case when $4 then now() else delivered_at end,
       failed_at = case when $4 then failed_at else now() end, problem = case when $4 then null else $3 end
     where id = $5`,
    [id, state, answer, ok, channelId],
  )
}
