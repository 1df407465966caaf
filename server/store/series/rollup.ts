import type { PoolClient } from "pg"
import { type Store, transaction } from "../store.ts"
import { BUCKET_SECONDS, tableName } from "./tables.ts"

const LOCK = 7_245_003
/** A sample may be committed this late after its moment. */
const SETTLE_MS = 30_000
/** Longest span rolled up in one transaction, so that catching up after an outage stays small. */
const STRIDE_MS = 3_600_000

/**
 * Rolls complete buckets up, 10 s → 1 min → 10 min, from where the last call ended. Any number of processes may
 * call it: one works, the others return at once. Returns until when (ms) each level is complete.
 */
export async function rollUp(store: Store, now: number): Promise<Record<"1m" | "10m", number | null>> {
  return { "1m": await rollLevel(store, now, "1m"), "10m": await rollLevel(store, now, "10m") }
}

async function rollLevel(store: Store, now: number, level: "1m" | "10m"): Promise<number | null> {
  return transaction(store, async (client) => {
    const { rows } = await client.query<{ got: boolean }>("select pg_try_advisory_xact_lock($1) as got", [
      LOCK,
    ])
    if (!rows[0]?.got) return null
    const bucket = BUCKET_SECONDS[level] * 1000
    const from = (await readUntil(client, level)) ?? (await firstSweep(client, bucket))
    if (from === null) return null
    const limit = level === "1m" ? now - SETTLE_MS : ((await readUntil(client, "1m")) ?? 0)
    const to = Math.min(Math.floor(limit / bucket) * bucket, from + STRIDE_MS)
    if (to <= from) return from
    await rollSpan(client, level, { from, to })
    await client.query(
      `insert into series.rolled_up (level, until) values ($1, $2)
       on conflict (level) do update set until = excluded.until`,
      [level, new Date(to).toISOString()],
    )
    return to
  })
}

async function readUntil(client: PoolClient, level: string): Promise<number | null> {
  const { rows } = await client.query<{ until: Date }>(
    "select until from series.rolled_up where level = $1",
    [level],
  )
  return rows[0]?.until.getTime() ?? null
}

async function firstSweep(client: PoolClient, bucket: number): Promise<number | null> {
  const { rows } = await client.query<{ at: Date | null }>("select min(at) as at from series.sweep")
  const first = rows[0]?.at
  return first ? Math.floor(first.getTime() / bucket) * bucket : null
}

async function rollSpan(
  client: PoolClient,
  level: "1m" | "10m",
  span: { from: number; to: number },
): Promise<void> {
  const source = level === "1m" ? "raw" : "1m"
  const bucket = `date_bin('${BUCKET_SECONDS[level]} seconds', at, 'epoch')`
  const within = "at >= $1 and at < $2"
  const values = [new Date(span.from).toISOString(), new Date(span.to).toISOString()]
  await client.query(
    `insert into ${tableName("log_offsets", level)} (cluster_id, destination_id, at, starts, ends)
     select distinct on (cluster_id, destination_id, ${bucket}) cluster_id, destination_id, at, starts, ends
     from ${tableName("log_offsets", source)} where ${within}
     order by cluster_id, destination_id, ${bucket}, at desc on conflict do nothing`,
    values,
  )
  const lowest = source === "raw" ? "offsets" : "coalesce(lowest, offsets)"
  await client.query(
    `insert into ${tableName("committed_offsets", level)} (cluster_id, group_id, destination_id, at, offsets, lowest)
     with rows as (select cluster_id, group_id, destination_id, at, offsets, ${lowest} as low, ${bucket} as bucket
       from ${tableName("committed_offsets", source)} where ${within}),
     last as (select distinct on (cluster_id, group_id, destination_id, bucket) * from rows
       order by cluster_id, group_id, destination_id, bucket, at desc),
     mins as (select cluster_id, group_id, destination_id, bucket, u.i, min(u.v) as v
       from rows, unnest(low) with ordinality as u(v, i) group by 1, 2, 3, 4, 5),
     lows as (select cluster_id, group_id, destination_id, bucket, array_agg(v order by i) as lowest
       from mins group by 1, 2, 3, 4)
     select cluster_id, group_id, destination_id, last.at, last.offsets, nullif(lows.lowest, last.offsets)
     from last join lows using (cluster_id, group_id, destination_id, bucket)
     on conflict do nothing`,
    values,
  )
  const count = source === "raw" ? "count(*)" : "sum(sweeps)"
  await client.query(
    `insert into ${tableName("sweep", level)} (cluster_id, at, sweeps)
     select cluster_id, max(at), ${count} from ${tableName("sweep", source)} where ${within}
     group by cluster_id, ${bucket} on conflict do nothing`,
    values,
  )
}
