import { deleteGroupsV2 } from "@platformatic/kafka"
import type { Admin } from "../broker.ts"
import { carryOut } from "./admin-errors.ts"
import { deleteRecords } from "./admin-records.ts"
import { configureTopic, createTopic, deleteTopic, growTopic } from "./admin-topics.ts"
import type { KafkaClient } from "./client.ts"
import { askCoordinator } from "./coordinator.ts"
import { errorName } from "./errors.ts"
import { kafkaSettings } from "./setting-rules.ts"

/** Administration of a Kafka cluster. KRaft brokers forward to the controller what is its to decide (KIP-590). */
export function kafkaAdmin(client: KafkaClient): Admin {
  return {
    settings: kafkaSettings,
    createDestination: (input, how, signal) => createTopic(client, input, { how, signal }),
    configure: (wanted, how, signal) => configureTopic(client, wanted, { how, signal }),
    growDestination: (wanted, how, signal) => growTopic(client, wanted, { how, signal }),
    deleteRecords: (before, signal) => deleteRecords(client, before, signal),
    deleteDestination: (topic, signal) => deleteTopic(client, topic, signal),
    deleteGroup: (group, signal) => deleteGroup(client, group.name, signal),
  }
}

/** Deletes a group of any type with its positions, at its coordinator (DeleteGroups v2, KIP-229). */
function deleteGroup(client: KafkaClient, group: string, signal: AbortSignal): Promise<void> {
  const act = { refused: `Group ${group} was not deleted`, right: "DELETE on the group" }
  return carryOut(act, async () => {
    let sent = 0
    const answer = await askCoordinator(client, {
      group,
      signal,
      send: (to) => {
        sent += 1
        return client.send(to, deleteGroupsV2.api, { args: [[group]], signal })
      },
      codesOf: ({ results }) => results.map((one) => one.errorCode),
    })
    const [result] = answer.results
    // Sent again because an answer was lost: the group is missing since the first request deleted it.
    const isDone = sent > 1 && errorName(result?.errorCode ?? 0) === "GROUP_ID_NOT_FOUND"
    return isDone ? { errorCode: 0 } : result
  })
}
