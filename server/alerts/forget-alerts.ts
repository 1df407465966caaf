import type { Store } from "#server/store/index.ts"

const DAY_MS = 86_400_000
/** Rows of each kind that go at a time, so that nothing waits for them. */
const MAX_ROWS = 5000

/**
 * Deletes alerts that were resolved, and notifications that were sent, before the oldest history that is kept. Alerts that
 * fire stay, however long, and so does what is still to be sent.
 */
export async function forgetAlerts(store: Store, now: number): Promise<void> {
  const before = new Date(now - store.keep["10m"] * DAY_MS)
  await store.pool.query(
    `delete from alert where id in (
       select id from alert where fired_at < $1 and resolved_at < $1 and state = 'resolved' limit $2)`,
    [before, MAX_ROWS],
  )
  await store.pool.query(
    `delete from alert_notification where state <> 'queued' and created_at < $1
       and id in (select id from alert_notification order by id limit $2)`,
    [before, MAX_ROWS],
  )
  await store.pool.query(
    `delete from alert_group g where g.notified_at < $1 and g.due_at is null
       and not exists (select from alert_notice n where n.group_id = g.id)
       and not exists (select from alert_notification n where n.group_id = g.id)`,
    [before],
  )
}
