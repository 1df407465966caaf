import type pg from "pg"
import { DomainError } from "#server/errors.ts"
import { type Store, toJson, transaction } from "#server/store/index.ts"
import type { Letter } from "./letter.ts"

/** A part of one partition that has been read: from `from` on, up to `next`. */
export interface ReadPart {
  clusterId: number
  destinationId: number
  partition: number
  from: bigint
  next: bigint
  letters: readonly Letter[]
  /** ms */
  now: number
}

/**
 * Stores what was read and how far it was read, in one transaction: whoever dies in between has done nothing, and
 * whoever else has read the same part meanwhile is found out. Rejects with `conflict` then.
 */
export function writePart(store: Store, part: ReadPart): Promise<void> {
  return transaction(store, async (client) => {
    const { rowCount } = await client.query(
      `update failure_source set next = $4, indexed_at = $5, problem = null
       where destination_id = $1 and partition = $2 and next = $3`,
      [
        part.destinationId,
        part.partition,
        String(part.from),
        String(part.next),
        new Date(part.now).toISOString(),
      ],
    )
    if (rowCount !== 1) throw new DomainError("conflict", "Another process has indexed this part.")
    if (part.letters.length === 0) return
    const ids = await writeGroups(client, part)
    await writeLetters(client, part, ids)
    await countFailedAgain(client, part)
  })
}

async function writeGroups(client: pg.PoolClient, part: ReadPart): Promise<Map<string, number>> {
  const byCause = Map.groupBy(part.letters, (letter) => letter.fingerprint)
  const groups = [...byCause.values()].flatMap(summed)
  // In one order, so that two partitions with the same causes do not wait for each other.
  groups.sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1))
  await noteRegressed(client, part, groups)
  const { rows } = await client.query<{ id: number; fingerprint: string }>(
    `insert into failure_group (cluster_id, fingerprint, exception_type, message, frame, consumer_group, destination,
       version, example_message, example_stack, first_seen_at, last_seen_at, messages, failed_again)
     select $1, fingerprint, type, message, frame, "group", destination, version, example_message, example_stack,
       first_seen_at, last_seen_at, messages, failed_again
     from jsonb_to_recordset($2) as x(fingerprint text, type text, message text, frame text, "group" text,
       destination text, version text, example_message text, example_stack text, first_seen_at timestamptz,
       last_seen_at timestamptz, messages int, failed_again int) order by fingerprint
     on conflict (cluster_id, fingerprint) do update set
       version = coalesce(excluded.version, failure_group.version),
       example_message = excluded.example_message, example_stack = excluded.example_stack,
       first_seen_at = least(failure_group.first_seen_at, excluded.first_seen_at),
       last_seen_at = greatest(failure_group.last_seen_at, excluded.last_seen_at),
       messages = failure_group.messages + excluded.messages,
       failed_again = failure_group.failed_again + excluded.failed_again
     returning id, fingerprint`,
    [part.clusterId, toJson(groups)],
  )
  return new Map(rows.map((row) => [row.fingerprint, row.id]))
}

function summed(letters: Letter[]) {
  const latest = letters.at(-1)
  if (!latest) return []
  const { type, message, frame, group, destination } = latest.cause
  const times = letters.map((letter) => letter.at)
  return [
    {
      fingerprint: latest.fingerprint,
      ...{ type, message, frame, group },
      destination,
      version: latest.version,
      example_message: latest.exampleMessage,
      example_stack: latest.exampleStack,
      first_seen_at: new Date(Math.min(...times)).toISOString(),
      last_seen_at: new Date(Math.max(...times)).toISOString(),
      messages: letters.length,
      failed_again: letters.filter((letter) => letter.replayOf !== null).length,
    },
  ]
}

/** A resolved group of which a message died after it was resolved has come back. */
async function noteRegressed(
  client: pg.PoolClient,
  part: ReadPart,
  groups: { fingerprint: string; last_seen_at: string }[],
): Promise<void> {
  await client.query(
    `with back as (
       update failure_group g set state = 'regressed', state_at = $3
       from jsonb_to_recordset($2) as x(fingerprint text, last_seen_at timestamptz)
       where g.cluster_id = $1 and g.fingerprint = x.fingerprint and g.state = 'resolved'
         and x.last_seen_at > g.state_at
       returning g.id)
     insert into failure_event (group_id, at, actor, kind, text)
     select id, $3, 'system', 'state', 'regressed: a message failed in the same way again' from back`,
    [part.clusterId, toJson(groups), new Date(part.now).toISOString()],
  )
}

async function writeLetters(
  client: pg.PoolClient,
  part: ReadPart,
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = part.letters.map((letter) => ({
    group_id: ids.get(letter.fingerprint),
    offset: String(letter.offset),
    at: new Date(letter.at).toISOString(),
    dialect: letter.dialect,
    original_destination: letter.original?.destination ?? null,
    original_partition: letter.original?.partition ?? null,
    original_offset: letter.original?.offset === null ? null : letter.original?.offset?.toString(),
    attempts: letter.attempts,
    bytes: letter.bytes,
    replay_of: letter.replayOf,
  }))
  await client.query(
    `with letters as (
       insert into failure_message (group_id, destination_id, partition, "offset", at, dialect, original_destination,
         original_partition, original_offset, attempts, bytes, replay_of)
       select group_id, $1, $2, "offset", at, dialect, original_destination, original_partition, original_offset,
         attempts, bytes, replay_of
       from jsonb_to_recordset($3) as x(group_id int, "offset" bigint, at timestamptz, dialect text,
         original_destination text, original_partition int, original_offset bigint, attempts int, bytes int,
         replay_of text)
       returning group_id, date_trunc('minute', at, 'UTC') as minute)
     insert into failure_minute (group_id, minute, messages)
     select group_id, minute, count(*) from letters group by 1, 2 order by 1, 2
     on conflict (group_id, minute) do update set messages = failure_minute.messages + excluded.messages`,
    [part.destinationId, part.partition, toJson(rows)],
  )
}

async function countFailedAgain(client: pg.PoolClient, part: ReadPart): Promise<void> {
  const again = part.letters.flatMap((letter) => letter.replayOf ?? [])
  if (again.length === 0) return
  await client.query(
    `update replay_job j set failed_again = j.failed_again + x.count
     from (select id, count(*)::int as count from unnest($2::text[]) as id group by id) x
     where j.id = x.id and j.cluster_id = $1`,
    [part.clusterId, again],
  )
}
