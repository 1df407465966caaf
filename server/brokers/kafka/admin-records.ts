import { deleteRecordsV2 } from "@platformatic/kafka"
import type { Position, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problemOf } from "./errors.ts"
import { type BrokerInfo, fetchMetadata } from "./metadata.ts"

const TIMEOUT_MS = 15_000

const ADVICE: Record<string, string> = {
  POLICY_VIOLATION: "records are only deleted where cleanup.policy has delete; this topic is compacted",
  OFFSET_OUT_OF_RANGE: "the offset lies past the end",
  TOPIC_AUTHORIZATION_FAILED: "Signalbox's user needs DELETE on the topic",
  LEADER_NOT_AVAILABLE: "it has no leader",
  NOT_LEADER_OR_FOLLOWER: "its leader has just moved",
}

interface Deleting {
  client: KafkaClient
  left: Position[]
  problems: Problem[]
  signal: AbortSignal
}

/** Deletes the records below each position, one request a leader (DeleteRecords v2, KIP-107). */
export async function deleteRecords(
  client: KafkaClient,
  before: readonly Position[],
  signal: AbortSignal,
): Promise<{ left: Position[]; problems: Problem[] }> {
  const metadata = await fetchMetadata(client, [...new Set(before.map((one) => one.destination))], signal)
  const topics = new Map(metadata.topics.map((topic) => [topic.name, topic]))
  const known = before.filter((one) => topics.has(one.destination))
  const deleting: Deleting = { client, left: [], problems: [...metadata.problems], signal }
  const brokers = new Map(metadata.brokers.map((broker) => [broker.nodeId, broker]))
  const byLeader = Map.groupBy(known, ({ destination, partition }) => {
    const found = topics.get(destination)?.partitions.find((one) => one.index === partition)
    return found?.leader ?? -1
  })
  await Promise.all(
    [...byLeader].map(async ([leader, positions]) => {
      const broker = brokers.get(leader)
      if (broker) await askLeader(deleting, broker, positions)
      else for (const position of positions) deleting.problems.push(unmade(position, "LEADER_NOT_AVAILABLE"))
    }),
  )
  return { left: deleting.left, problems: deleting.problems }
}

async function askLeader(deleting: Deleting, broker: BrokerInfo, positions: Position[]): Promise<void> {
  const { client, left, problems, signal } = deleting
  const topics = [...Map.groupBy(positions, (one) => one.destination)].map(([name, list]) => ({
    name,
    partitions: list.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
  }))
  try {
    const answer = await client.send(broker, deleteRecordsV2.api, { args: [topics, TIMEOUT_MS], signal })
    for (const { name: destination, partitions } of answer.topics) {
      for (const { partitionIndex: partition, errorCode, lowWatermark } of partitions) {
        const position = { destination, partition, offset: lowWatermark }
        if (errorCode === 0) left.push(position)
        else problems.push(unmade(position, errorName(errorCode)))
      }
    }
  } catch (error) {
    for (const position of positions) {
      const what = `Whether records of partition ${position.partition} of ${position.destination} were deleted`
      problems.push(problemOf(partOf(position), error, what))
    }
  }
}

function unmade(position: Position, code: string): Problem {
  const what = `Partition ${position.partition} of ${position.destination}`
  return { part: partOf(position), code, message: `${what} was not emptied: ${ADVICE[code] ?? code}.` }
}

function partOf({ destination, partition }: Position) {
  return { kind: "destination" as const, destination, partition }
}
