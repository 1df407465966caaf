import { describe, expect, inject, it } from "vitest"
import { kafkaClasspath } from "#scripts/stack/kafka/jars.ts"
import { type KafkaTools, kafkaTools } from "#scripts/stack/kafka/tools.ts"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createVault } from "#server/access/secrets.ts"
import { Connections } from "#server/brokers/connections.ts"
import { listDestinations, listDestinationsInput } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import {
  getGroup,
  listGroups,
  listGroupsInput,
  listPartitions,
  listPartitionsInput,
} from "#server/lag/queries/index.ts"
import { createLogger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"
import { collectorWorld } from "./world.ts"

const INTERVAL = 2000

/** What the pages ask with; its key is not the collector's, so that no number can come from the broker itself. */
function storeOnly(store: Store): Context {
  return {
    store,
    vault: createVault(Buffer.alloc(32, 1)),
    connections: new Connections({ clientId: "signalbox-test", log: () => undefined }),
    actor: { kind: "system" },
    log: createLogger("test"),
    now: Date.now,
  }
}

interface Position {
  topic: string
  partition: number
  committed: number | null
  end: number
  lag: number | null
}

function numberOf(text: string | undefined): number | null {
  return text === undefined || text === "-" ? null : Number(text)
}

/** `kafka-consumer-groups --describe`, read by the names of its columns. */
async function positionsOf(tools: KafkaTools, group: string): Promise<Position[]> {
  const said = await tools.run("consumer-groups", ["--describe", "--group", group])
  const lines = said.split("\n").map((line) => line.trim().split(/\s+/))
  const head = lines.find((line) => line.includes("CURRENT-OFFSET")) ?? []
  const positions = lines
    .filter((line) => line[head.indexOf("GROUP")] === group)
    .map((line) => ({
      topic: line[head.indexOf("TOPIC")] ?? "",
      partition: Number(line[head.indexOf("PARTITION")]),
      committed: numberOf(line[head.indexOf("CURRENT-OFFSET")]),
      end: Number(line[head.indexOf("LOG-END-OFFSET")]),
      lag: numberOf(line[head.indexOf("LAG")]),
    }))
  return positions.sort((a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition)
}

/** `kafka-get-offsets`: lines of topic:partition:offset, summed up. */
async function sumOfOffsets(tools: KafkaTools, topic: string, time: "earliest" | "latest"): Promise<number> {
  const said = await tools.run("get-offsets", ["--topic", topic, "--time", time])
  const lines = said.split("\n").filter((line) => line.startsWith(`${topic}:`))
  return lines.reduce((sum, line) => sum + Number(line.split(":")[2]), 0)
}

interface ToldDirs {
  brokers: { logDirs: { partitions: { partition: string; size: number }[] }[] }[]
}

/** `kafka-log-dirs`: bytes of one copy of every partition, summed up. */
async function bytesOf(tools: KafkaTools, topic: string): Promise<number> {
  const said = await tools.run("log-dirs", ["--describe", "--topic-list", topic])
  const told = JSON.parse(said.split("\n").find((line) => line.startsWith("{")) ?? "") as ToldDirs
  const copies = told.brokers.flatMap((broker) => broker.logDirs.flatMap((dir) => dir.partitions))
  const sizes = new Map(copies.map((copy) => [copy.partition, copy.size]))
  expect(copies.length).toBeGreaterThan(sizes.size)
  return [...sizes.values()].reduce((sum, size) => sum + size, 0)
}

/** Two topics, one partly deleted; a group that is behind on both, with a partition it never committed. */
async function settle() {
  const kafka = kafkaClient()
  const prefix = unique("agrees")
  const [orders, refunds, group] = [`${prefix}.orders`, `${prefix}.refunds`, `${prefix}-billing`]
  await createTopic(kafka, orders, { partitions: 3, replicas: 3 })
  await createTopic(kafka, refunds, { partitions: 2, replicas: 2 })
  for (const topic of [orders, refunds]) {
    const partitions = topic === orders ? 3 : 2
    const messages = Array.from({ length: 97 }, (_, i) => ({ partition: i % partitions, value: `${i}` }))
    await produce(kafka, topic, messages)
  }
  await commit(kafka, group, { topic: orders, offsets: { 0: 7, 1: 20 } })
  await commit(kafka, group, { topic: refunds, offsets: { 0: 49, 1: 48 } })
  await commit(kafka, `${prefix}-audit`, { topic: refunds, offsets: { 0: 3 } })
  const admin = kafka.admin()
  await admin.connect()
  // kafkajs deletes records only of topics that this client has met.
  await admin.fetchTopicOffsets(orders)
  await admin.deleteTopicRecords({ topic: orders, partitions: [{ partition: 1, offset: "5" }] })
  await admin.disconnect()
  return { prefix, orders, refunds, group }
}

describe("what a collector process stores", { timeout: 180_000 }, () => {
  it("is what Kafka's own command-line tools say", async () => {
    const tools = kafkaTools(await kafkaClasspath(), inject("kafkaBootstrap"))
    await using database = await createDatabase(inject("postgresUrl"))
    const { prefix, orders, refunds, group } = await settle()
    const at = { databaseUrl: database.url, bootstrap: inject("kafkaBootstrap"), intervalMs: INTERVAL }
    await using world = await collectorWorld(at)
    const ctx = storeOnly(world.store)
    await using _connections = ctx.connections
    world.start()
    await until("three sweeps are stored", async () => (await world.sweeps()).length >= 3)

    const told = await positionsOf(tools, group)
    expect(told.length).toBeGreaterThanOrEqual(4)
    const { rows } = await listPartitions(ctx, listPartitionsInput.parse({ cluster: "shop", group }))
    const ours = rows.map((row) => ({
      topic: row.destination,
      partition: row.partition,
      committed: row.committed,
      end: row.end,
      lag: row.lag,
    }))
    // The tool leaves out a partition without a commit unless a member has it; we show that it waits.
    const committed = (one: { committed: number | null }) => one.committed !== null
    expect(ours.filter(committed)).toEqual(told.filter(committed))
    expect(ours.filter((one) => !committed(one))).toEqual([
      { topic: orders, partition: 2, committed: null, end: 32, lag: null },
    ])
    const shown = await getGroup(ctx, { cluster: "shop", group })
    expect(shown.lag).toBe(told.reduce((sum, one) => sum + (one.lag ?? 0), 0))
    expect(shown.noCommit).toEqual({ partitions: 1, messages: 32 })

    const listed = await tools.run("consumer-groups", ["--list"])
    const named = listed.split("\n").filter((name) => name.startsWith(prefix))
    const groups = await listGroups(ctx, listGroupsInput.parse({ q: prefix }))
    expect(groups.rows.map((row) => row.name).sort()).toEqual(named.sort())

    const input = listDestinationsInput.parse({ cluster: "shop", q: prefix })
    const topics = (await listDestinations(ctx, input)).rows
    expect(topics.map((one) => [one.name, one.partitions])).toEqual([
      [orders, 3],
      [refunds, 2],
    ])
    for (const topic of topics) {
      const [first, end] = [
        await sumOfOffsets(tools, topic.name, "earliest"),
        await sumOfOffsets(tools, topic.name, "latest"),
      ]
      expect(topic.messages).toBe(end - first)
      expect(topic.bytes).toBe(await bytesOf(tools, topic.name))
    }
  })
})
