import type { Broker, NewMessage } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import type { Store } from "#server/store/index.ts"
import { Prisma } from "#server/store/prisma/client.ts"

const KEPT_MS = 10_000

/** What is known of destinations now. One that is in neither does not exist. */
interface Counts {
  partitions: Map<string, number>
  /** Those that could not be read, with the reason in a sentence: whether they exist is not known. */
  unread: Map<string, string>
}

/** How many partitions destinations have now. Rejects when the cluster cannot be asked at all. */
async function partitionCounts(
  broker: Broker,
  destinations: readonly string[],
  signal: AbortSignal,
): Promise<Counts> {
  const counts: Counts = { partitions: new Map(), unread: new Map() }
  if (destinations.length === 0 || !broker.logs) return counts
  const { found, problems } = await broker.logs.bounds(destinations, signal)
  for (const { name, ends } of found) if (ends.length > 0) counts.partitions.set(name, ends.length)
  for (const { part, code, message } of problems)
    if (part.kind === "destination" && code !== "not_found" && !counts.partitions.has(part.destination))
      counts.unread.set(part.destination, message)
  return counts
}

/**
 * Answers a function that makes messages sendable: one whose partition does not exist goes by its key, and for one whose
 * destination does not exist a sentence says so instead. What destinations look like is asked every ten seconds. Where a target was
 * chosen, all go there by their key, and one that does not exist fails the replay. It rejects with `unreachable` when a
 * destination cannot be read: its messages must not be passed over.
 */
export function sendableAt(broker: Broker, target: string | null) {
  const known = new Map<string, { partitions: number; at: number }>()
  return async (messages: readonly NewMessage[], signal: AbortSignal): Promise<(NewMessage | string)[]> => {
    if (target !== null) return [...messages]
    const now = performance.now()
    const names = [...new Set(messages.map((one) => one.destination))]
    const old = names.filter((name) => now - (known.get(name)?.at ?? Number.NEGATIVE_INFINITY) > KEPT_MS)
    const counts = await partitionCounts(broker, old, signal)
    for (const reason of counts.unread.values()) throw new DomainError("unreachable", reason)
    for (const name of old) known.set(name, { partitions: counts.partitions.get(name) ?? 0, at: now })
    return messages.map((message) => {
      const partitions = known.get(message.destination)?.partitions ?? 0
      if (partitions === 0) return `It came from ${message.destination}, which does not exist.`
      return isThere(message.partition, partitions) ? message : { ...message, partition: null }
    })
  }
}

/** Whether a partition that a header names is one of so many: anybody writes anything there, -1 for instance. */
function isThere(partition: number | null, partitions: number): boolean {
  return partition === null || (partition >= 0 && partition < partitions)
}

interface Place {
  destination: string | null
  partition: number | null
  messages: number
}

/**
 * What cannot go where it came from, in sentences, and how many are not sent because of it. `letters` is the rest of a
 * query over the chosen letters (`m`).
 */
export async function targetWarnings(
  at: { store: Store; broker: Broker; target: string | null; group: number },
  letters: Prisma.Sql,
  signal: AbortSignal,
): Promise<{ warnings: string[]; notSent: number }> {
  const { store, broker, target } = at
  const { rows } = await store.pool.query<Place>(
    Prisma.sql`select m.original_destination as destination, m.original_partition as partition, count(*)::int as messages
      ${letters} group by 1, 2`,
  )
  const byName = Map.groupBy(rows, (row) => target ?? row.destination)
  const names = [...byName.keys()].filter((name) => name !== null)
  const counts = await partitionCounts(broker, names, signal)
  const absent = (name: string) => !counts.partitions.has(name) && !counts.unread.has(name)
  const notSent =
    target === null ? rows.filter((row) => row.destination === null || absent(row.destination)) : []
  const homeless = byName.get(null) ?? []
  const warnings = names.flatMap((name) => {
    const places = byName.get(name) ?? []
    const unread = counts.unread.get(name)
    if (unread !== undefined) return [`${unread} The replay waits until ${name} can be read.`]
    const partitions = counts.partitions.get(name)
    if (partitions === undefined)
      return [
        target === null
          ? `${sum(places)} came from ${name}, which does not exist: they are not sent. Choose a target for them.`
          : `${name} does not exist: create it, or choose another target.`,
      ]
    const moved = target === null ? places.filter((one) => !isThere(one.partition, partitions)) : []
    if (moved.length === 0) return []
    return [
      `${sum(moved)} came from a partition that ${name} does not have (it has ${partitions}): they go to a partition by their key.`,
    ]
  })
  if (homeless.length > 0)
    warnings.push(
      `${sum(homeless)} do not say where they came from (${await someOf(store, letters)}): they are not sent. Choose a target for them.`,
    )
  return { warnings: [...warnings, ...(await unreadTargets(at, names))], notSent: sum(notSent) }
}

const MAX_NAMED = 3

/** The first few of the letters that do not say where they came from: "dead 0/17, dead 0/18, …". */
async function someOf(store: Store, letters: Prisma.Sql): Promise<string> {
  const { rows } = await store.pool.query<{ place: string }>(
    Prisma.sql`select d.name || ' ' || m.partition || '/' || m."offset" as place ${letters}
      and m.original_destination is null order by d.name, m.partition, m."offset" limit ${MAX_NAMED + 1}`,
  )
  const named = rows.slice(0, MAX_NAMED).map((row) => row.place)
  return (rows.length > MAX_NAMED ? [...named, "…"] : named).join(", ")
}

function sum(places: readonly Place[]): number {
  return places.reduce((total, one) => total + one.messages, 0)
}

/** Targets that the consumer group of the failure has no committed offset on. A group that is not known says nothing. */
async function unreadTargets(
  { store, group }: { store: Store; group: number },
  names: readonly string[],
): Promise<string[]> {
  const { rows } = await store.pool.query<{ consumer: string; destination: string }>(
    `select g.name as consumer, t.name as destination from failure_group f
     join consumer_group g on g.cluster_id = f.cluster_id and g.name = f.consumer_group and g.deleted_at is null
     cross join unnest($2::text[]) as t(name)
     where f.id = $1 and not exists (select 1 from group_destination gd join destination d on d.id = gd.destination_id
       where gd.group_id = g.id and d.name = t.name and d.deleted_at is null)`,
    [group, names],
  )
  return rows.map(
    ({ consumer, destination }) =>
      `${consumer} has no committed offset on ${destination}: it may not read what is sent there.`,
  )
}
