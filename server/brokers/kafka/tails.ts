import type { OffsetRange, SampledGroup } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { type FetchedPartition, fetchManyArgs, fetchPacked } from "./fetch.ts"
import type { BrokerInfo, Metadata } from "./metadata.ts"
import { isEmptyBatch, splitBatches } from "./record-batch.ts"

/** More offsets than these behind a position are a backlog, whatever lies in them. */
const MAX_TAIL = 1000n
/** Partitions that are looked at in one sweep, so that a first look does not weigh on the brokers. */
const MAX_LOOKED_AT = 500

/** Fetches to one broker in one sweep. */
const MAX_ROUNDS = 3

/** What was sampled before tails are looked at. */
export interface TailsOf {
  metadata: Pick<Metadata, "brokers" | "topics">
  groups: readonly SampledGroup[]
  ends: ReadonlyMap<string, readonly (bigint | null)[]>
  signal: AbortSignal
}

interface Tail {
  key: string
  topic: string
  partition: number
  from: bigint
  end: bigint
}

/**
 * Finds the offsets behind committed positions that hold no message: transaction markers, aborted messages and what
 * compaction removed. Whoever stands in front of them has consumed everything, although its position is not the end.
 * Looks only at short tails of positions that stand still, once for each end: one Fetch a broker (three where groups stand
 * at differing offsets), and none when nothing changed.
 */
export class Tails {
  #standing = new Set<string>()
  #known = new Map<string, { end: bigint; to: bigint }>()

  /** By topic. What cannot be looked at is left out: it counts as messages. */
  async find(client: KafkaClient, of: TailsOf): Promise<Map<string, OffsetRange[]>> {
    const tails = tailsOf(of)
    const fresh = tails.filter(({ key, end }) => this.#standing.has(key) && this.#known.get(key)?.end !== end)
    await this.#look(client, fresh.slice(0, MAX_LOOKED_AT), of)
    const keys = new Set(tails.map((tail) => tail.key))
    this.#standing = keys
    for (const key of this.#known.keys()) if (!keys.has(key)) this.#known.delete(key)
    const ranges = new Map<string, OffsetRange[]>()
    for (const { key, topic, partition, from } of tails) {
      const to = this.#known.get(key)?.to ?? from
      if (to > from) ranges.set(topic, [...(ranges.get(topic) ?? []), { partition, from, to }])
    }
    return ranges
  }

  async #look(client: KafkaClient, tails: Tail[], of: TailsOf): Promise<void> {
    const leaders = leadersOf(of.metadata)
    const byLeader = Map.groupBy(tails, (tail) => leaders.get(`${tail.topic}/${tail.partition}`))
    await Promise.all(
      [...byLeader].map(async ([leader, list]) => {
        if (!leader) return
        for (const round of rounds(list).slice(0, MAX_ROUNDS)) {
          const answers = await ask(client, leader.broker, { tails: round, ...of }).catch(() => null)
          for (const tail of round) {
            const answer = answers?.get(`${tail.topic}/${tail.partition}`)
            // A sweep does not fail because of this: what was not looked at counts as messages.
            if (answer?.errorCode !== 0) continue
            this.#known.set(tail.key, { end: tail.end, to: firstMessage(answer, tail.from) })
          }
        }
      }),
    )
  }
}

function tailsOf({ groups, ends }: TailsOf): Tail[] {
  const tails = new Map<string, Tail>()
  for (const { destination: topic, offsets } of groups.flatMap((group) => group.commits)) {
    offsets.forEach((from, partition) => {
      const end = ends.get(topic)?.[partition] ?? null
      if (from === null || end === null || from >= end || end - from > MAX_TAIL) return
      const key = `${topic}/${partition}/${from}`
      tails.set(key, { key, topic, partition, from, end })
    })
  }
  return [...tails.values()]
}

function leadersOf({ brokers, topics }: TailsOf["metadata"]): Map<string, { broker: BrokerInfo }> {
  const byId = new Map(brokers.map((broker) => [broker.nodeId, { broker }]))
  return new Map(
    topics.flatMap((topic) =>
      topic.partitions.flatMap((partition) => {
        const leader = byId.get(partition.leader)
        return leader ? [[`${topic.name}/${partition.index}`, leader] as const] : []
      }),
    ),
  )
}

/** A Fetch names each partition once: groups that stand at differing offsets of it are asked for one after another. */
function rounds(tails: readonly Tail[]): Tail[][] {
  const found: Tail[][] = []
  const count = new Map<string, number>()
  for (const tail of tails) {
    const place = `${tail.topic}/${tail.partition}`
    const round = count.get(place) ?? 0
    count.set(place, round + 1)
    found[round] = [...(found[round] ?? []), tail]
  }
  return found
}

async function ask(
  client: KafkaClient,
  broker: BrokerInfo,
  of: TailsOf & { tails: Tail[] },
): Promise<Map<string, FetchedPartition>> {
  const ids = new Map(of.metadata.topics.map((topic) => [topic.name, topic.uid]))
  const names = new Map(of.metadata.topics.map((topic) => [topic.uid, topic.name]))
  const args = fetchManyArgs(
    of.tails.map(({ topic, partition, from }) => ({
      topicId: ids.get(topic) ?? "",
      partition,
      offset: from,
    })),
  )
  const answer = await client.send(broker, fetchPacked, { args, signal: of.signal })
  return new Map(answer.partitions.map((one) => [`${names.get(one.topicId)}/${one.partition}`, one] as const))
}

/** The first offset from `from` on that may hold a message that somebody who reads what is committed gets. */
function firstMessage(fetched: FetchedPartition, from: bigint): bigint {
  let first = from
  for (const batch of splitBatches(fetched.records, { aborted: fetched.aborted, pending: false })) {
    if (batch.next <= from) continue
    const isMessage = batch.withheld === null && !isEmptyBatch(batch)
    if (isMessage && batch.first <= first) return first
    if (isMessage) return batch.first
    first = batch.next
  }
  return first
}
