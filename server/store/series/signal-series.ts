import type { PoolClient } from "pg"
import { z } from "zod"
import { readDocument } from "../document.ts"
import type { Store } from "../store.ts"

/** A series of a signal under the id by which its values are kept. */
export interface SignalSeries {
  id: number
  /** What the signal tells something of: group, destination, … */
  subject: string
  /** Names it within its cluster and subject. */
  key: string
}

type Database = Pick<PoolClient, "query">

const DAY_MS = 86_400_000
const labels = z.record(z.string(), z.string())

/** The series of a cluster (0: of Signalbox itself), of all subjects or of one. */
export async function readSignalSeries(
  db: Database,
  of: { clusterId: number; subject?: string },
): Promise<SignalSeries[]> {
  const { rows } = await db.query<SignalSeries>(
    "select id, subject, key from signal_series where cluster_id = $1 and ($2::text is null or subject = $2)",
    [of.clusterId, of.subject ?? null],
  )
  return rows
}

/** What the series of a subject are known by, by their ids. */
export async function readSignalLabels(
  db: Database,
  of: { clusterId: number; subject: string },
): Promise<Map<number, Record<string, string>>> {
  const { rows } = await db.query<{ id: number; labels: unknown }>(
    "select id, labels from signal_series where cluster_id = $1 and subject = $2",
    [of.clusterId, of.subject],
  )
  return new Map(
    rows.map((row) => [row.id, readDocument(labels, row.labels, `The labels of the series ${row.id}`)]),
  )
}

/** Gives an id to each series; one that has an id already keeps it, with these labels. */
export async function nameSignalSeries(
  db: Database,
  clusterId: number,
  series: readonly { subject: string; key: string; labels: unknown }[],
): Promise<SignalSeries[]> {
  if (series.length === 0) return []
  const { rows } = await db.query<SignalSeries>(
    `insert into signal_series (cluster_id, subject, key, labels)
     select $1, subject, key, labels from jsonb_to_recordset($2::jsonb) as x(subject text, key text, labels jsonb)
     on conflict (cluster_id, subject, key) do update set labels = excluded.labels, seen_at = now()
     returning id, subject, key`,
    [clusterId, JSON.stringify(series)],
  )
  return rows
}

/** Notes that series are still there, at most once a day each. */
export async function touchSignalSeries(db: Database, ids: readonly number[]): Promise<void> {
  await db.query(
    "update signal_series set seen_at = now() where id = any($1::int[]) and seen_at < now() - interval '1 day'",
    [ids],
  )
}

/** Deletes the names of series whose last values are no longer kept, and of clusters that were removed. Returns how many. */
export async function forgetSignalSeries(store: Store, now: number): Promise<number> {
  const { rowCount } = await store.pool.query(
    `delete from signal_series s where s.seen_at < $1
       or s.cluster_id <> 0 and not exists (select 1 from cluster c where c.id = s.cluster_id)`,
    // A day is how exactly it is known when a series was last seen.
    [new Date(now - (store.keep["10m"] + 2) * DAY_MS)],
  )
  return rowCount ?? 0
}
