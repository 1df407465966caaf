import { offsetFetchV8 } from "@platformatic/kafka"
import type { GroupCommits, Problem, SampledGroup } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { problem, problemOf } from "./errors.ts"
import type { ListedGroup } from "./list-groups.ts"

/** Groups in one OffsetFetch. Large enough for few requests, small enough that one broker's answer stays in bounds. */
const BATCH = 1000

export interface FetchedCommits {
  groups: SampledGroup[]
  problems: Problem[]
}

/**
 * Committed offsets of all groups, batched by coordinator (KIP-709): O(coordinators) requests. A group or partition
 * with an error is named and left unknown; the others are unaffected.
 */
export async function fetchCommits(
  client: KafkaClient,
  listed: ListedGroup[],
  signal: AbortSignal,
): Promise<FetchedCommits> {
  const byCoordinator = Map.groupBy(listed, (group) => group.coordinator.nodeId)
  const batches = [...byCoordinator.values()].flatMap((groups) => chunk(groups, BATCH))
  const answers = await Promise.all(batches.map((batch) => fetchBatch(client, batch, signal)))
  return { groups: answers.flatMap((one) => one.groups), problems: answers.flatMap((one) => one.problems) }
}

async function fetchBatch(
  client: KafkaClient,
  batch: ListedGroup[],
  signal: AbortSignal,
): Promise<FetchedCommits> {
  const coordinator = batch[0]?.coordinator
  if (!coordinator) return { groups: [], problems: [] }
  const request = batch.map((group) => ({ groupId: group.name, memberEpoch: -1, topics: null }))
  try {
    const answer = await client.send(coordinator, offsetFetchV8.api, { args: [request, false], signal })
    const answered = new Map(answer.groups.map((group) => [group.groupId, group]))
    return collect(batch, answered)
  } catch (error) {
    const what = `The commits of ${batch.length} groups on broker ${coordinator.nodeId}`
    return {
      groups: batch.map((group) => ({
        name: group.name,
        type: group.type,
        state: group.state,
        empty: group.empty,
        known: false,
        commits: [],
      })),
      problems: [problemOf({ kind: "node", node: coordinator.nodeId }, error, what)],
    }
  }
}

interface AnsweredGroup {
  errorCode: number
  topics: {
    name: string
    partitions: { partitionIndex: number; committedOffset: bigint; errorCode: number }[]
  }[]
}

function collect(batch: ListedGroup[], answered: Map<string, AnsweredGroup>): FetchedCommits {
  const problems: Problem[] = []
  const groups = batch.map((group): SampledGroup => {
    const answer = answered.get(group.name)
    const base = { name: group.name, type: group.type, state: group.state, empty: group.empty }
    if (answer?.errorCode !== 0) {
      problems.push(
        problem(
          { kind: "group", group: group.name },
          answer?.errorCode ?? -1,
          `The commits of ${group.name}`,
        ),
      )
      return { ...base, known: false, commits: [] }
    }
    const commits = answer.topics.map((topic) => {
      const read = toCommits(topic)
      if (read.unknown.length > 0) {
        const failed = topic.partitions.find((partition) => partition.errorCode !== 0)
        const what = `The commits of ${group.name} on ${topic.name} (partitions ${read.unknown.join(", ")})`
        problems.push(problem({ kind: "group", group: group.name }, failed?.errorCode ?? -1, what))
      }
      return read
    })
    return { ...base, known: true, commits }
  })
  return { groups, problems }
}

function toCommits(topic: AnsweredGroup["topics"][number]): GroupCommits {
  const offsets: (bigint | null)[] = []
  const unknown: number[] = []
  for (const partition of topic.partitions) {
    while (offsets.length <= partition.partitionIndex) offsets.push(null)
    if (partition.errorCode !== 0) unknown.push(partition.partitionIndex)
    else if (partition.committedOffset >= 0n) offsets[partition.partitionIndex] = partition.committedOffset
  }
  return { destination: topic.name, offsets, unknown: unknown.sort((a, b) => a - b) }
}

function chunk<Item>(items: Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) =>
    items.slice(i * size, (i + 1) * size),
  )
}
