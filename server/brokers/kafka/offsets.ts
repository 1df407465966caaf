import { offsetCommitV8, offsetDeleteV0 } from "@platformatic/kafka"
import { DomainError } from "#server/errors.ts"
import { type Place, placeKey } from "#server/place.ts"
import type { Offsets, Position, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { askCoordinator } from "./coordinator.ts"
import { errorName } from "./errors.ts"
import { offsetsAtTime } from "./offsets-at-time.ts"
import { byTopic, type Change, refuseActive, unwritten } from "./offsets-change.ts"
import { positionRules } from "./position-rules.ts"
import { toActError } from "./retry.ts"
import { alterShareOffsets, deleteShareOffsets } from "./share-offsets.ts"

type Group = Parameters<Offsets["commit"]>[0]

/** Finding and writing positions of groups without joining them. */
export function kafkaOffsets(client: KafkaClient): Offsets {
  return {
    createdType: "classic",
    rules: positionRules,
    atTime: (asked, signal) => offsetsAtTime(client, asked, signal),
    commit: (group, positions, signal) =>
      write(group, () =>
        group.type === "share"
          ? alterShareOffsets(client, { group: group.name, positions, signal })
          : commit(client, { group: group.name, positions, signal }),
      ),
    remove: (group, partitions, signal) =>
      write(group, () =>
        group.type === "share"
          ? deleteShareOffsets(client, { group: group.name, partitions, signal })
          : remove(client, { group: group.name, partitions, signal }),
      ),
  }
}

async function write<Answer>(group: Group, work: () => Promise<Answer>): Promise<Answer> {
  const { refusal } = positionRules(group.type)
  if (refusal !== null) throw new DomainError("unsupported", refusal)
  try {
    return await work()
  } catch (error) {
    throw toActError(error, `The offsets of ${group.name} could not be written`)
  }
}

/** OffsetCommit outside of any generation (-1, no member): taken from anybody while the group is empty. */
async function commit(
  client: KafkaClient,
  { group, positions, signal }: Change & { positions: readonly Position[] },
): Promise<{ written: Position[]; problems: Problem[] }> {
  const topics = byTopic(positions).map(([name, list]) => ({
    name,
    partitions: list.map((one) => ({
      partitionIndex: one.partition,
      committedOffset: one.offset,
      committedLeaderEpoch: -1,
      committedMetadata: "",
    })),
  }))
  const codesOf = (one: { topics: { partitions: { errorCode: number }[] }[] }) =>
    one.topics.flatMap((topic) => topic.partitions.map((partition) => partition.errorCode))
  const answer = await askCoordinator(client, {
    group,
    signal,
    send: (to) => client.send(to, offsetCommitV8.api, { args: [group, -1, "", null, topics], signal }),
    codesOf,
  })
  refuseActive(group, codesOf(answer))
  const codes = codesByPartition(answer.topics)
  const codeOf = (one: Position) => codes.get(placeKey(one)) ?? -1
  return {
    written: positions.filter((one) => codeOf(one) === 0),
    problems: positions.filter((one) => codeOf(one) !== 0).map((one) => unwritten(one, codeOf(one))),
  }
}

/** OffsetDelete (KIP-496). A group that is not there has no offsets to forget. */
async function remove(
  client: KafkaClient,
  { group, partitions, signal }: Change & { partitions: readonly Place[] },
): Promise<{ problems: Problem[] }> {
  const topics = byTopic(partitions).map(([name, list]) => ({
    name,
    partitions: list.map((one) => ({ partitionIndex: one.partition })),
  }))
  const answer = await askCoordinator(client, {
    group,
    signal,
    send: (to) => client.send(to, offsetDeleteV0.api, { args: [group, topics], signal }),
    codesOf: (one) => [one.errorCode],
  })
  if (errorName(answer.errorCode) === "GROUP_ID_NOT_FOUND") return { problems: [] }
  refuseActive(group, [answer.errorCode])
  if (answer.errorCode !== 0) return { problems: partitions.map((one) => unwritten(one, answer.errorCode)) }
  const codes = codesByPartition(answer.topics)
  const failed = partitions.filter((one) => codes.get(placeKey(one)) !== 0)
  return { problems: failed.map((one) => unwritten(one, codes.get(placeKey(one)) ?? -1)) }
}

function codesByPartition(
  topics: { name: string; partitions: { partitionIndex: number; errorCode: number }[] }[],
): Map<string, number> {
  return new Map(
    topics.flatMap((topic) =>
      topic.partitions.map((one) => [
        placeKey({ destination: topic.name, partition: one.partitionIndex }),
        one.errorCode,
      ]),
    ),
  )
}
