import { consumerGroupDescribeV0, describeGroupsV5 } from "@platformatic/kafka"
import type { ConsumerGroup, GroupMember, Problem } from "../broker.ts"
import { decodeAssignment } from "./assignment.ts"
import type { KafkaClient } from "./client.ts"
import { problemOf } from "./errors.ts"
import { bare, collectGroups, type GroupBatch } from "./group-batch.ts"
import { kebab, type ListedGroup, listGroups } from "./list-groups.ts"
import type { Metadata } from "./metadata.ts"
import { describeShareGroups } from "./share-describe.ts"
import { describeStreamsGroups } from "./streams-describe.ts"

export interface GroupRead {
  metadata: Metadata
  names: "all" | readonly string[]
  signal: AbortSignal
}

/**
 * Groups with their members. The type that ListGroups tells decides which request is sent: DescribeGroups answers
 * "Dead" without an error for a living KIP-848 or share group.
 */
export async function describeGroups(
  client: KafkaClient,
  read: GroupRead,
): Promise<{ found: ConsumerGroup[]; problems: Problem[] }> {
  const listed = await listGroups(client, read.metadata.brokers, read.signal)
  const problems: Problem[] = [...listed.problems]
  const wanted = read.names === "all" ? listed.groups : pick(listed.groups, read.names, problems)
  const batches = [...Map.groupBy(wanted, (group) => `${group.coordinator.nodeId} ${group.type}`).values()]
  const found = await Promise.all(
    batches.map(async (batch) => {
      const first = batch[0]
      if (!first) return []
      try {
        return await describeBatch(client, { batch, problems, signal: read.signal, type: first.type })
      } catch (error) {
        const part = { kind: "node" as const, node: first.coordinator.nodeId }
        problems.push(problemOf(part, error, `${batch.length} groups on broker ${first.coordinator.nodeId}`))
        return batch.map((group) => bare(group))
      }
    }),
  )
  return { found: found.flat().sort((a, b) => a.name.localeCompare(b.name)), problems }
}

function pick(groups: ListedGroup[], names: readonly string[], problems: Problem[]): ListedGroup[] {
  const byName = new Map(groups.map((group) => [group.name, group]))
  return names.flatMap((name) => {
    const group = byName.get(name)
    if (group) return [group]
    problems.push({
      part: { kind: "group", group: name },
      code: "not_found",
      message: `There is no group ${name}.`,
    })
    return []
  })
}

async function describeBatch(client: KafkaClient, ask: GroupBatch): Promise<ConsumerGroup[]> {
  if (ask.type === "consumer") return describeConsumerProtocol(client, ask)
  if (ask.type === "share") return describeShareGroups(client, ask)
  if (ask.type === "streams") return describeStreamsGroups(client, ask)
  if (ask.type === "classic") return describeClassic(client, ask)
  for (const group of ask.batch) {
    const message = `The members of ${group.name} could not be read: Signalbox does not know groups of type ${ask.type}.`
    ask.problems.push({ part: { kind: "group", group: group.name }, code: "unsupported", message })
  }
  return ask.batch.map((group) => bare(group))
}

async function describeClassic(client: KafkaClient, ask: GroupBatch): Promise<ConsumerGroup[]> {
  const coordinator = ask.batch[0]?.coordinator
  if (!coordinator) return []
  const names = ask.batch.map((group) => group.name)
  const answer = await client.send(coordinator, describeGroupsV5.api, {
    args: [names, false],
    signal: ask.signal,
  })
  return collectGroups(ask, answer.groups, (group, one) => {
    const members = one.members.map((member): GroupMember => {
      const assignment = decodeAssignment(member.memberAssignment)
      if (assignment === null) {
        const message = `What member ${member.memberId} of ${group.name} is assigned could not be decoded.`
        const part = { kind: "group" as const, group: group.name, member: member.memberId }
        ask.problems.push({ part, code: "undecodable_assignment", message })
      }
      return {
        id: member.memberId,
        instanceId: member.groupInstanceId ?? null,
        clientId: member.clientId,
        host: member.clientHost.replace(/^\//, ""),
        assignment,
      }
    })
    return { ...bare(group), state: kebab(one.groupState), assignor: one.protocolData || null, members }
  })
}

async function describeConsumerProtocol(client: KafkaClient, ask: GroupBatch): Promise<ConsumerGroup[]> {
  const coordinator = ask.batch[0]?.coordinator
  if (!coordinator) return []
  const names = ask.batch.map((group) => group.name)
  const answer = await client.send(coordinator, consumerGroupDescribeV0.api, {
    args: [names, false],
    signal: ask.signal,
  })
  return collectGroups(ask, answer.groups, (group, one) => {
    const members = one.members.map((member) => ({
      id: member.memberId,
      instanceId: member.instanceId ?? null,
      clientId: member.clientId,
      host: member.clientHost.replace(/^\//, ""),
      assignment: member.assignment.topicPartitions.map((topic) => ({
        destination: topic.topicName,
        partitions: topic.partitions.sort((a, b) => a - b),
      })),
    }))
    return { ...bare(group), state: kebab(one.groupState), assignor: one.assignorName || null, members }
  })
}
