import { listGroupsV4, listGroupsV5 } from "@platformatic/kafka"
import type { Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { problem, problemOf } from "./errors.ts"
import type { BrokerInfo } from "./metadata.ts"
import { isTransferGroup } from "./transfer.ts"

export interface ListedGroup {
  name: string
  /** classic, consumer, share, streams */
  type: string
  state: string
  /** Its coordinator says that it has no member. */
  empty: boolean
  /** The broker that listed it: it is its coordinator. */
  coordinator: BrokerInfo
}

export interface ListedGroups {
  groups: ListedGroup[]
  problems: Problem[]
  /** False: a broker did not answer, so a group that is missing here may still exist. */
  complete: boolean
}

const UNSUPPORTED_VERSION = 35

/** All groups but those of transfers, one request a broker. Each broker lists those that it coordinates (KIP-518, KIP-848). */
export async function listGroups(
  client: KafkaClient,
  brokers: BrokerInfo[],
  signal: AbortSignal,
): Promise<ListedGroups> {
  const problems: Problem[] = []
  const lists = await Promise.all(
    brokers.map(async (broker) => {
      const what = `The list of groups of broker ${broker.nodeId}`
      try {
        const answer = await askForGroups(client, broker, signal)
        if (answer.errorCode !== 0)
          problems.push(problem({ kind: "node", node: broker.nodeId }, answer.errorCode, what))
        return answer.groups.map((group) => toListed(group, broker))
      } catch (error) {
        problems.push(problemOf({ kind: "node", node: broker.nodeId }, error, what))
        return []
      }
    }),
  )
  const groups = lists.flat().filter((group) => !isTransferGroup(group.name))
  return { groups, problems, complete: problems.length === 0 }
}

interface GroupList {
  errorCode: number
  groups: RawGroup[]
}

interface RawGroup {
  groupId: string
  groupState: string
  groupType: string
}

function toListed(group: RawGroup, coordinator: BrokerInfo): ListedGroup {
  const state = kebab(group.groupState)
  return {
    name: group.groupId,
    type: group.groupType.toLowerCase() || "classic",
    state,
    empty: state === "empty" || state === "dead",
    coordinator,
  }
}

/** ListGroups v5 tells the type of a group; before Kafka 3.8 there is v4, and all groups are classic. */
async function askForGroups(
  client: KafkaClient,
  broker: BrokerInfo,
  signal: AbortSignal,
): Promise<GroupList> {
  try {
    const answer = await client.send(broker, listGroupsV5.api, { args: [[], []], signal })
    if (answer.errorCode !== UNSUPPORTED_VERSION) return answer
  } catch (error) {
    if (signal.aborted || !/parse|version|closed/i.test(String(error))) throw error
  }
  const older = await client.send(broker, listGroupsV4.api, { args: [[], []], signal })
  return {
    errorCode: older.errorCode,
    groups: older.groups.map((group) => ({ ...group, groupType: "classic" })),
  }
}

/** PreparingRebalance → preparing-rebalance */
export function kebab(state: string): string {
  return state.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase() || "unknown"
}
