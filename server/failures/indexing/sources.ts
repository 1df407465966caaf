import type { DeadLetterDialect, Sampled } from "#server/brokers/broker.ts"
import { type Store, toJson } from "#server/store/index.ts"
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

/** The partitions in which something waits. One that was never read begins at its first message. */
export async function findWaiting(
  store: Store,
  destinations: readonly DeadDestination[],
  sampled: Sampled,
): Promise<Waiting[]> {
  const known = await store.prisma.failureSource.findMany({
    where: { destinationId: { in: destinations.map((one) => one.id) } },
    select: { destinationId: true, partition: true, next: true },
  })
  const nexts = new Map(known.map((one) => [`${one.destinationId}/${one.partition}`, one.next]))
  const fresh: { destinationId: number; partition: number; next: bigint; indexedAt: Date }[] = []
  const waiting: Waiting[] = []
  for (const destination of destinations) {
    const log = sampled.destinations.find((one) => one.name === destination.name)
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
export async function forgetDeleted(
  store: Store,
  destinations: readonly DeadDestination[],
  sampled: Sampled,
): Promise<void> {
  const starts = destinations.flatMap((destination) => {
    const log = sampled.destinations.find((one) => one.name === destination.name)
    if (!log || (log.uid ?? "") !== destination.uid) return []
    return log.starts.flatMap((start, partition) =>
      start === null || start === 0n ? [] : [{ id: destination.id, partition, start: String(start) }],
    )
  })
  if (starts.length === 0) return
  await store.pool.query(
    `delete from failure_message m using jsonb_to_recordset($1) as x(id int, partition int, start bigint)
     where m.destination_id = x.id and m.partition = x.partition and m."offset" < x.start`,
    [toJson(starts)],
  )
}
