import type { Broker, Message, Position } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { type Store, toJson } from "#server/store/index.ts"

/** Where between two chosen messages so much else lies that reading each for itself is less than reading all. */
const SPARSE = 20

/** The partitions that the chosen dead letters lie in. */
export async function lanesOf(store: Store, job: string): Promise<Omit<Position, "offset">[]> {
  const lanes = await store.prisma.replayItem.findMany({
    where: { jobId: job },
    distinct: ["destination", "partition"],
    select: { destination: true, partition: true },
    orderBy: [{ destination: "asc" }, { partition: "asc" }],
  })
  return lanes
}

/** A chosen dead letter. */
export interface Item extends Position {
  /** Why it is not sent; null: nothing is known against it. */
  leftOut: string | null
}

/** The next chosen dead letters of one partition that were not worked yet, in order; empty: all were. */
export async function nextItems(
  store: Store,
  job: { id: string; lanes: readonly Omit<Position, "offset">[]; progress: readonly Position[] },
  most: number,
): Promise<Item[]> {
  for (const { destination, partition } of job.lanes) {
    const at = job.progress.find((one) => one.destination === destination && one.partition === partition)
    const rows = await store.prisma.replayItem.findMany({
      where: { jobId: job.id, destination, partition, offset: { gte: at?.offset ?? 0n } },
      select: { destination: true, partition: true, offset: true, leftOut: true },
      orderBy: { offset: "asc" },
      take: most,
    })
    if (rows.length > 0) return rows
  }
  return []
}

/** Writes down which of the chosen are not sent, and why: whoever goes on with the replay passes them over. */
export async function leaveOut(store: Store, job: string, items: readonly Item[]): Promise<void> {
  if (items.length === 0) return
  await store.pool.query(
    `update replay_item i set left_out = x."leftOut"
     from jsonb_to_recordset($2) as x(destination text, partition int, "offset" bigint, "leftOut" text)
     where i.job_id = $1 and i.destination = x.destination and i.partition = x.partition and i."offset" = x."offset"`,
    [job, toJson(items.map((one) => ({ ...one, offset: one.offset.toString() })))],
  )
}

/** How many of the chosen lie below the progress: those that were sent, and those that were left out. */
export async function countWorked(
  store: Store,
  job: { id: string; progress: readonly Position[] },
): Promise<{ sent: number; missing: number }> {
  const { rows } = await store.pool.query<{ sent: number; missing: number }>(
    `select count(*) filter (where left_out is null)::int as sent, count(left_out)::int as missing from replay_item i
     join jsonb_to_recordset($2) as x(destination text, partition int, "offset" bigint)
       on x.destination = i.destination and x.partition = i.partition and i."offset" < x."offset"
     where i.job_id = $1`,
    [job.id, toJson(job.progress.map(toRow))],
  )
  return rows[0] ?? { sent: 0, missing: 0 }
}

export function toRow(position: Position) {
  return { ...position, offset: position.offset.toString() }
}

/** The messages at these offsets of one partition, by offset. What the broker no longer has is not among them. */
export async function readItems(
  broker: Broker,
  items: readonly Position[],
  signal: AbortSignal,
): Promise<Map<bigint, Message>> {
  const [first, last] = [items[0], items.at(-1)]
  if (!first || !last || !broker.messages) return new Map()
  const wanted = new Set(items.map((one) => one.offset))
  const found = new Map<bigint, Message>()
  if (Number(last.offset - first.offset) > items.length * SPARSE) {
    const read = await broker.messages.read(items, signal)
    const [problem] = read.problems
    if (problem) throw new DomainError("unreachable", problem.message)
    for (const { position, message } of read.found)
      if (message?.offset === position.offset) found.set(message.offset, message)
    return found
  }
  const range = {
    destination: first.destination,
    partition: first.partition,
    from: first.offset,
    to: last.offset + 1n,
  }
  for await (const batch of broker.messages.scan(range, signal))
    for (const message of batch.messages) if (wanted.has(message.offset)) found.set(message.offset, message)
  return found
}
