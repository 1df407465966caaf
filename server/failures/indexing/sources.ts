import type { DeadLetterDialect, LogBounds } from "#server/brokers/broker.ts"
import { type LastLog, type Store, toJson } from "#server/store/index.ts"
import { headerMapping } from "../mapping.ts"
import { type FailureRule, holdsDeadLetters } from "../rules.ts"

/** A destination that holds dead letters, in its present life. */
export interface DeadDestination {
  id: number
  name: string
  uid: string
}

/** A partition that has dead letters which were not indexed yet. */
export interface Waiting {
  destination: DeadDestination
  partition: number
  from: bigint
  /** Exclusive. */
  to: bigint
}

export async function readRules(store: Store, clusterId: number): Promise<FailureRule[]> {
  const rows = await store.prisma.failureRule.findMany({
    where: { clusterId },
    select: { pattern: true, holds: true, mapping: true },
  })
  return rows.map((row) => ({ ...row, mapping: headerMapping.safeParse(row.mapping).data ?? null }))
}

/** The destinations of the cluster that hold dead letters, as the last sweep knew them. */
export async function findDeadDestinations(
  store: Store,
  clusterId: number,
  by: { rules: readonly FailureRule[]; dialects: readonly DeadLetterDialect[] },
): Promise<DeadDestination[]> {
  const all = await store.prisma.destination.findMany({
    where: { clusterId, deletedAt: null, internal: false },
    select: { id: true, name: true, uid: true },
  })
  return all.filter((one) => holdsDeadLetters(one.name, by))
}

/**
 * Knows the destinations that hold dead letters from one look to the next. They are looked for anew only when the rules
 * or the destinations of the cluster have changed: there may be ten thousand, and each name is held against every rule.
 */
export class DeadDestinations {
  #found: DeadDestination[] = []
  #stamp = ""

  async find(
    store: Store,
    clusterId: number,
    by: { rules: readonly FailureRule[]; dialects: readonly DeadLetterDialect[] },
  ): Promise<DeadDestination[]> {
    const { rows } = await store.pool.query<{ stamp: string }>(
      `select concat_ws('/', count(*), max(id), count(*) filter (where internal)) as stamp
       from destination where cluster_id = $1 and deleted_at is null`,
      [clusterId],
    )
    const stamp = JSON.stringify([rows[0]?.stamp, by.rules])
    if (stamp !== this.#stamp) {
      this.#found = await findDeadDestinations(store, clusterId, by)
      this.#stamp = stamp
    }
    return this.#found
  }
}

/** When the collector's last sweep of a cluster was stored, ms since the epoch; null: never. */
export async function lastSweep(store: Store, clusterId: number): Promise<number | null> {
  const state = await store.prisma.clusterState.findUnique({
    where: { clusterId },
    select: { sampledAt: true },
  })
  return state?.sampledAt?.getTime() ?? null
}

/** The destinations that have grown beyond what was indexed, or were never read, as the last sweep saw them. */
export async function findGrown(
  store: Store,
  destinations: readonly DeadDestination[],
  logs: readonly LastLog[],
): Promise<DeadDestination[]> {
  const nexts = await readNexts(store, destinations)
  const byId = new Map(logs.map((log) => [log.destinationId, log]))
  return destinations.filter(({ id }) =>
    byId.get(id)?.ends.some((end, partition) => {
      const next = nexts.get(`${id}/${partition}`)
      return next === undefined || (end !== null && end > next)
    }),
  )
}

/** The offset that is to be read next, by destination and partition. */
async function readNexts(
  store: Store,
  destinations: readonly DeadDestination[],
): Promise<Map<string, bigint>> {
  const known = await store.prisma.failureSource.findMany({
    where: { destinationId: { in: destinations.map((one) => one.id) } },
    select: { destinationId: true, partition: true, next: true },
  })
  return new Map(known.map((one) => [`${one.destinationId}/${one.partition}`, one.next]))
}

/** The partitions in which something waits. One that was never read begins at its first message. */
export async function findWaiting(
  store: Store,
  destinations: readonly DeadDestination[],
  logs: readonly LogBounds[],
): Promise<Waiting[]> {
  const nexts = await readNexts(store, destinations)
  const fresh: { destinationId: number; partition: number; next: bigint; indexedAt: Date }[] = []
  const waiting: Waiting[] = []
  for (const destination of destinations) {
    const log = logs.find((one) => one.name === destination.name)
    // Deleted and created again: the next sweep of the collector makes it a destination of its own.
    if (!log || (log.uid ?? "") !== destination.uid) continue
    for (const [partition, to] of log.ends.entries()) {
      const start = log.starts[partition]
      if (to === null || start === null || start === undefined) continue
      const next = nexts.get(`${destination.id}/${partition}`)
      if (next === undefined)
        fresh.push({ destinationId: destination.id, partition, next: start, indexedAt: new Date() })
      const from = next ?? start
      if (from < to) waiting.push({ destination, partition, from, to })
    }
  }
  if (fresh.length > 0) await store.prisma.failureSource.createMany({ data: fresh, skipDuplicates: true })
  return waiting
}

/** Forgets dead letters that the broker has deleted. The counts of their groups stay. */
export async function forgetDeleted(store: Store, logs: readonly LastLog[]): Promise<void> {
  const starts = logs.flatMap(({ destinationId: id, starts }) =>
    starts.flatMap((start, partition) =>
      start === null || start === 0n ? [] : [{ id, partition, start: String(start) }],
    ),
  )
  if (starts.length === 0) return
  await store.pool.query(
    `delete from failure_message m using jsonb_to_recordset($1) as x(id int, partition int, start bigint)
     where m.destination_id = x.id and m.partition = x.partition and m."offset" < x.start`,
    [toJson(starts)],
  )
}
