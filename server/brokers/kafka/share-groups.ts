import type { Problem, SampledGroup } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { problem, problemOf } from "./errors.ts"
import type { ListedGroup } from "./list-groups.ts"
import { fetchShareOffsets, type ShareGroupOffsets } from "./share-positions.ts"

/** A share group, and where it stands; null: that could not be read. */
export interface ShareRead {
  group: ListedGroup
  topics: ShareGroupOffsets["groups"][number]["topics"] | null
}

/** Where share groups stand, in one request a coordinator. */
export async function readShareGroups(
  client: KafkaClient,
  listed: ListedGroup[],
  signal: AbortSignal,
): Promise<{ found: ShareRead[]; problems: Problem[] }> {
  const problems: Problem[] = []
  const batches = [...Map.groupBy(listed, (group) => group.coordinator.nodeId).values()]
  const found = await Promise.all(
    batches.map(async (batch) => {
      const coordinator = batch[0]?.coordinator
      if (!coordinator) return []
      try {
        const names = batch.map((group) => group.name)
        const answer = await fetchShareOffsets(client, coordinator, { groups: names, signal })
        const answered = new Map(answer.groups.map((group) => [group.groupId, group]))
        return batch.map((group) => toRead(group, answered.get(group.name), problems))
      } catch (error) {
        const what = `The positions of ${batch.length} share groups on broker ${coordinator.nodeId}`
        problems.push(problemOf({ kind: "node", node: coordinator.nodeId }, error, what))
        return batch.map((group) => ({ group, topics: null }))
      }
    }),
  )
  return { found: found.flat(), problems }
}

function toRead(
  group: ListedGroup,
  answer: ShareGroupOffsets["groups"][number] | undefined,
  problems: Problem[],
): ShareRead {
  if (answer?.errorCode === 0) return { group, topics: answer.topics }
  const part = { kind: "group" as const, group: group.name }
  problems.push(problem(part, answer?.errorCode ?? -1, `The positions of ${group.name}`))
  return { group, topics: null }
}

/**
 * A share group as a sweep tells it. It commits no offset. Its start offset is stored one step late, so that a group
 * which has done all would seem to lag: where the broker tells the lag, the position is the end less the lag. Else it
 * is the start offset, before which all is done.
 */
export function toSampledShare(
  { group, topics }: ShareRead,
  ends: ReadonlyMap<string, readonly (bigint | null)[]>,
): SampledGroup {
  const { name, type, state } = group
  const commits = (topics ?? []).map((topic) => {
    const offsets: (bigint | null)[] = []
    const unknown: number[] = []
    for (const { index, startOffset, lag, errorCode } of topic.partitions) {
      while (offsets.length <= index) offsets.push(null)
      const end = ends.get(topic.name)?.[index] ?? null
      if (errorCode !== 0) unknown.push(index)
      else if (startOffset >= 0n) offsets[index] = lag >= 0n && end !== null ? end - lag : startOffset
    }
    return { destination: topic.name, offsets, unknown }
  })
  return { name, type, state, known: topics !== null, commits }
}
