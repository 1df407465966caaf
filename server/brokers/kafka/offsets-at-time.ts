import { listOffsetsV7 } from "@platformatic/kafka"
import { placeKey } from "#server/place.ts"
import type { Offsets, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { problem, problemOf } from "./errors.ts"
import { type BrokerInfo, fetchMetadata } from "./metadata.ts"

type Asked = Parameters<Offsets["atTime"]>[0][number]
type AtTime = Awaited<ReturnType<Offsets["atTime"]>>

/** Offsets by time, one ListOffsets a leader. */
export async function offsetsAtTime(
  client: KafkaClient,
  asked: readonly Asked[],
  signal: AbortSignal,
): Promise<AtTime> {
  const metadata = await fetchMetadata(client, [...new Set(asked.map((one) => one.destination))], signal)
  const leaders = new Map(
    metadata.topics.flatMap((topic) =>
      topic.partitions.map(
        (one) => [placeKey({ destination: topic.name, partition: one.index }), one.leader] as const,
      ),
    ),
  )
  const brokers = new Map(metadata.brokers.map((broker) => [broker.nodeId, broker]))
  const known = new Set(metadata.topics.map((topic) => topic.name))
  const result: AtTime = { found: [], problems: [...metadata.problems] }
  const there = asked.filter((one) => known.has(one.destination))
  const byLeader = Map.groupBy(there, (one) => leaders.get(placeKey(one)) ?? null)
  await Promise.all(
    [...byLeader].map(async ([leader, list]) => {
      const broker = leader === null ? undefined : brokers.get(leader)
      if (broker) return askLeader(client, { broker, asked: list, result, signal })
      const code = leader === null ? UNKNOWN_PARTITION : NO_LEADER
      result.problems.push(...list.map((one) => failed(one, code)))
    }),
  )
  return result
}

const UNKNOWN_PARTITION = 3
const NO_LEADER = 5

interface Ask {
  broker: BrokerInfo
  asked: Asked[]
  result: AtTime
  signal: AbortSignal
}

async function askLeader(client: KafkaClient, { broker, asked, result, signal }: Ask): Promise<void> {
  const topics = [...Map.groupBy(asked, (one) => one.destination)].map(([name, list]) => ({
    name,
    partitions: list.map((one) => ({
      partitionIndex: one.partition,
      currentLeaderEpoch: -1,
      timestamp: BigInt(Math.ceil(one.timestamp)),
    })),
  }))
  try {
    const answer = await client.send(broker, listOffsetsV7.api, { args: [-1, 0, topics], signal })
    for (const topic of answer.topics) {
      for (const partition of topic.partitions) {
        const one = { destination: topic.name, partition: partition.partitionIndex }
        if (partition.errorCode !== 0) result.problems.push(failed(one, partition.errorCode))
        else if (partition.offset < 0n) result.found.push({ ...one, offset: null, timestamp: null })
        else result.found.push({ ...one, offset: partition.offset, timestamp: partition.timestamp })
      }
    }
  } catch (error) {
    const what = `The offsets by time of ${asked.length} partitions on broker ${broker.nodeId}`
    result.problems.push(problemOf({ kind: "node", node: broker.nodeId }, error, what))
  }
}

function failed(one: { destination: string; partition: number }, code: number): Problem {
  const part = { kind: "destination" as const, destination: one.destination, partition: one.partition }
  return problem(part, code, `The offset by time of partition ${one.partition} of ${one.destination}`)
}
