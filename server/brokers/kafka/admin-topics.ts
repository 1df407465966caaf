import { setTimeout as sleep } from "node:timers/promises"
import {
  createPartitionsV3,
  createTopicsV7,
  deleteTopicsV6,
  IncrementalAlterConfigOperationTypes,
  incrementalAlterConfigsV1,
} from "@platformatic/kafka"
import type { HowToAct, NewDestination } from "../broker.ts"
import { carryOut } from "./admin-errors.ts"
import type { KafkaClient } from "./client.ts"
import { fetchMetadata } from "./metadata.ts"

/** How long the brokers may take to carry an act out, in ms. */
const TIMEOUT_MS = 15_000
/** How long it may take until every broker knows of it, in ms; after that it is left to them. */
const SETTLE = 5000
const TOPIC = 2 as const
/** "The cluster's default" in CreateTopics (KIP-464). */
const DEFAULT = -1

export interface Ask {
  how: HowToAct
  signal: AbortSignal
}

/** Creates a topic and waits until its partitions have leaders (CreateTopics v7). */
export async function createTopic(client: KafkaClient, input: NewDestination, ask: Ask): Promise<void> {
  const topic = {
    name: input.name,
    numPartitions: input.partitions ?? DEFAULT,
    replicationFactor: input.replicas ?? DEFAULT,
    assignments: [],
    configs: input.configs.map(({ name, value }) => ({ name, value })),
  }
  const refused = `Topic ${input.name} ${ask.how.dryRun ? "cannot be" : "was not"} created`
  const act = { refused, right: "CREATE on the topic or the cluster" }
  await carryOut(act, async () => {
    const args: Parameters<typeof createTopicsV7.createRequest> = [[topic], TIMEOUT_MS, ask.how.dryRun]
    const answer = await client.sendToAny(createTopicsV7.api, { args, signal: ask.signal })
    return answer.topics[0]
  })
  if (!ask.how.dryRun) await settled(client, input.name, { partitions: 1, signal: ask.signal })
}

/** Sets single settings, or takes them back with null; the others stay (IncrementalAlterConfigs, KIP-339). */
export async function configureTopic(
  client: KafkaClient,
  change: { destination: string; changes: readonly { name: string; value: string | null }[] },
  ask: Ask,
): Promise<void> {
  const { SET, DELETE } = IncrementalAlterConfigOperationTypes
  const configs = change.changes.map(({ name, value }) =>
    value === null ? { name, configOperation: DELETE, value } : { name, configOperation: SET, value },
  )
  const resource = { resourceType: TOPIC, resourceName: change.destination, configs }
  const refused = `Topic ${change.destination} ${ask.how.dryRun ? "cannot be" : "was not"} changed`
  const act = { refused, right: "ALTER_CONFIGS on the topic" }
  await carryOut(act, async () => {
    const args: Parameters<typeof incrementalAlterConfigsV1.createRequest> = [[resource], ask.how.dryRun]
    const answer = await client.sendToAny(incrementalAlterConfigsV1.api, { args, signal: ask.signal })
    return answer.responses[0]
  })
}

/** Adds partitions up to `total`; there is no way back (CreatePartitions v3). */
export async function growTopic(
  client: KafkaClient,
  grow: { destination: string; total: number },
  ask: Ask,
): Promise<void> {
  const refused = `Topic ${grow.destination} ${ask.how.dryRun ? "cannot get more" : "got no"} partitions`
  const act = { refused, right: "ALTER on the topic" }
  await carryOut(act, async () => {
    const topics = [{ name: grow.destination, count: grow.total, assignments: null }]
    const args: Parameters<typeof createPartitionsV3.createRequest> = [topics, TIMEOUT_MS, ask.how.dryRun]
    const answer = await client.sendToAny(createPartitionsV3.api, { args, signal: ask.signal })
    return answer.results[0]
  })
  if (!ask.how.dryRun) await settled(client, grow.destination, { partitions: grow.total, signal: ask.signal })
}

/** Deletes a topic with all that is in it, and waits until it is gone from the metadata (DeleteTopics v6). */
export async function deleteTopic(client: KafkaClient, topic: string, signal: AbortSignal): Promise<void> {
  const act = { refused: `Topic ${topic} was not deleted`, right: "DELETE on the topic" }
  await carryOut(act, async () => {
    const args: Parameters<typeof deleteTopicsV6.createRequest> = [[{ name: topic }], TIMEOUT_MS]
    const answer = await client.sendToAny(deleteTopicsV6.api, { args, signal })
    return answer.responses[0]
  })
  await settled(client, topic, { partitions: 0, signal })
}

/** A controller answers before its brokers know: waits until they tell so many partitions, all with a leader. */
async function settled(
  client: KafkaClient,
  topic: string,
  { partitions, signal }: { partitions: number; signal: AbortSignal },
): Promise<void> {
  const deadline = Date.now() + SETTLE
  while (Date.now() < deadline && !signal.aborted) {
    const metadata = await fetchMetadata(client, [topic], signal).catch(() => null)
    const found = metadata?.topics[0]?.partitions ?? []
    const led = found.filter((one) => one.leader >= 0).length
    if (partitions === 0 ? metadata?.topics.length === 0 : led >= partitions && led === found.length) return
    await sleep(100, undefined, { signal }).catch(() => undefined)
  }
}
