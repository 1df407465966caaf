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

/** The coordinator asks others before it answers; what it cannot tell in this time is unknown, ms. */
const DEADLINE_MS = 8000

/**
 * A coordinator (4.3) answers for one group in some 10 ms, and for several in one request in 2 s, however many: its own
 * requests for them wait for each other. Up to so many are therefore asked for one by one.
 */
const ONE_BY_ONE = 50

/** Where share groups stand. Never rejects. */
export async function readShareGroups(
  client: KafkaClient,
  listed: ListedGroup[],
  until: AbortSignal,
): Promise<{ found: ShareRead[]; problems: Problem[] }> {
  const signal = AbortSignal.any([until, AbortSignal.timeout(DEADLINE_MS)])
  const problems: Problem[] = []
  const byCoordinator = [...Map.groupBy(listed, (group) => group.coordinator.nodeId).values()]
  const batches = byCoordinator.flatMap((groups) =>
    groups.length > ONE_BY_ONE ? [groups] : groups.map((group) => [group]),
  )
  const found = await Promise.all(batches.map((batch) => readBatch(client, batch, { problems, signal })))
  return { found: found.flat(), problems }
}

async function readBatch(
  client: KafkaClient,
  batch: ListedGroup[],
  { problems, signal }: { problems: Problem[]; signal: AbortSignal },
): Promise<ShareRead[]> {
  const coordinator = batch[0]?.coordinator
  if (!coordinator) return []
  const names = batch.map((group) => group.name)
  try {
    const answer = await fetchShareOffsets(client, coordinator, { groups: names, signal })
    const answered = new Map(answer.groups.map((group) => [group.groupId, group]))
    return batch.map((group) => toRead(group, answered.get(group.name), problems))
  } catch (error) {
    for (const name of names)
      problems.push(problemOf({ kind: "group", group: name }, error, `The positions of ${name}`))
    return batch.map((group) => ({ group, topics: null }))
  }
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
  const { name, type, state, empty } = group
  const commits = (topics ?? []).map((topic) => {
    const offsets: (bigint | null)[] = []
    const unknown: number[] = []
    for (const { index, startOffset, lag, errorCode } of topic.partitions) {
      while (offsets.length <= index) offsets.push(null)
      const end = ends.get(topic.name)?.[index] ?? null
      if (errorCode !== 0) unknown.push(index)
      else if (startOffset >= 0n) offsets[index] = positionOf({ startOffset, lag, end })
    }
    return { destination: topic.name, offsets, unknown }
  })
  return { name, type, state, empty, known: topics !== null, commits }
}

/** Never after the end, which was read a moment before. */
function positionOf(at: { startOffset: bigint; lag: bigint; end: bigint | null }): bigint {
  if (at.end === null) return at.startOffset
  if (at.lag >= 0n) return at.end - at.lag
  if (at.startOffset > at.end) return at.end
  return at.startOffset
}
