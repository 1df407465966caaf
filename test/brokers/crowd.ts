import { consumerGroupHeartbeatV0 } from "@platformatic/kafka"
import { inject } from "vitest"
import { KafkaClient } from "#server/brokers/kafka/client.ts"
import { kafkaConnection } from "#server/brokers/kafka/connection.ts"
import { findCoordinator } from "#server/brokers/kafka/find-coordinator.ts"
import { seenUntil, until } from "#test/until.ts"

export interface Crowd extends AsyncDisposable {
  /** Tells the coordinator that all of them are there, as they have to every 45 seconds. */
  beat(): Promise<void>
}

interface Member {
  id: string
  epoch: number
  owned: { topicId: string; partitions: number[] }[]
}

const soon = () => AbortSignal.timeout(60_000)

/**
 * Hundreds of members of one group, each with its share of a topic's partitions when this resolves. They are real to the
 * coordinator, which only hears their heartbeats, and cost next to nothing: they share a connection and fetch nothing.
 */
export async function joinCrowd(of: { topic: string; group: string; members: number }): Promise<Crowd> {
  const connection = kafkaConnection.parse({ bootstrap: inject("kafkaBootstrap") })
  const client = new KafkaClient(connection, "crowd")
  const coordinator = await seenUntil(
    () => findCoordinator(client, { kind: "group", key: of.group }, soon()).catch(() => null),
    (found) => found !== null,
  )
  if (!coordinator) throw new Error("there is no coordinator")
  const beatOf = async (member: Member): Promise<boolean> => {
    const isNew = member.epoch === 0
    const args: Parameters<typeof consumerGroupHeartbeatV0.createRequest> = [
      of.group,
      member.id,
      member.epoch,
      null,
      null,
      60_000,
      isNew ? [of.topic] : null,
      null,
      null,
      member.owned,
    ]
    const answer = await client.send(coordinator, consumerGroupHeartbeatV0.api, { args, signal: soon() })
    if (answer.errorCode !== 0) {
      // The machine stood still for too long, and it was counted as dead: it joins again.
      Object.assign(member, nobody())
      return false
    }
    Object.assign(member, { id: answer.memberId ?? member.id, epoch: answer.memberEpoch })
    if (answer.assignment) member.owned = answer.assignment.topicPartitions
    return answer.assignment === null && member.owned.length > 0
  }
  const members = Array.from({ length: of.members }, nobody)
  // Each that joins is given what the others give back in their next heartbeats.
  await until("each member has its share", async () =>
    (await Promise.all(members.map(beatOf))).every((isSettled) => isSettled),
  )
  return {
    beat: async () => {
      await Promise.all(members.map(beatOf))
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  }
}

function nobody(): Member {
  return { id: "", epoch: 0, owned: [] }
}
