import { describe, expect, inject, it } from "vitest"
import type { Admin, Broker } from "#server/brokers/broker.ts"
import { connectKafka, createTopic, kafkaClient, unique } from "./kafka-world.ts"

const soon = () => AbortSignal.timeout(60_000)
const REALLY = { dryRun: false }
const DRY = { dryRun: true }

function administer(): { broker: Broker; admin: Admin } & AsyncDisposable {
  const broker = connectKafka(inject("kafkaBootstrap"))
  if (!broker.admin) throw new Error("Kafka cannot be administered")
  return { broker, admin: broker.admin, [Symbol.asyncDispose]: () => broker[Symbol.asyncDispose]() }
}

/** What is set on the topic itself. */
async function overridesOf(broker: Broker, topic: string): Promise<Record<string, string | null>> {
  const described = await broker.describe({ configs: [topic] }, soon())
  const set = described.configs[0]?.entries.filter((entry) => entry.source === "topic") ?? []
  return Object.fromEntries(set.map((entry) => [entry.name, entry.value]))
}

describe("administering Kafka", () => {
  it("creates a topic as the cluster would, or as one says", async () => {
    await using own = administer()
    const name = unique("parcels")
    const configs = [{ name: "retention.ms", value: "60000" }]
    await own.admin.createDestination({ name, partitions: 3, replicas: 2, configs }, REALLY, soon())
    const plain = unique("plain")
    const byDefault = { name: plain, partitions: null, replicas: null, configs: [] }
    await own.admin.createDestination(byDefault, REALLY, soon())
    const { destinations } = await own.broker.describe({ destinations: [name, plain] }, soon())
    const shapes = destinations.map((one) => [one.partitions.length, one.partitions[0]?.replicas.length])
    expect(shapes).toEqual([
      [3, 2],
      [1, 1],
    ])
    expect(await overridesOf(own.broker, name)).toEqual({ "retention.ms": "60000" })
  })

  it("says in the broker's words why a topic cannot be", async () => {
    await using own = administer()
    const ask = (more: object) =>
      own.admin.createDestination(
        { name: unique("bad"), partitions: 1, replicas: 1, configs: [], ...more },
        DRY,
        soon(),
      )
    await expect(ask({ replicas: 7 })).rejects.toThrow(/cannot be created: .*replication factor/i)
    await expect(ask({ partitions: 0 })).rejects.toThrow(/cannot be created: .*partitions/i)
    await expect(ask({ name: "with space" })).rejects.toThrow(/cannot be created: .*(illegal|invalid)/i)
    const wrong = [{ name: "retention.ms", value: "soon" }]
    await expect(ask({ configs: wrong })).rejects.toThrow(/cannot be created: .*retention\.ms/)
  })

  it("changes only the settings that are named, and takes one back to its default", async () => {
    await using own = administer()
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic, { config: { "retention.ms": "60000", "segment.ms": "61000" } })
    const set = (changes: { name: string; value: string | null }[], how = REALLY) =>
      own.admin.configure({ destination: topic, changes }, how, soon())
    const before = { "retention.ms": "60000", "segment.ms": "61000" }
    await set([{ name: "max.message.bytes", value: "2000" }], DRY)
    expect(await overridesOf(own.broker, topic)).toEqual(before)
    await set([
      { name: "max.message.bytes", value: "2000" },
      { name: "segment.ms", value: null },
    ])
    // Brokers hear of it one after the other.
    const overrides = () => overridesOf(own.broker, topic)
    await expect.poll(overrides).toEqual({ "retention.ms": "60000", "max.message.bytes": "2000" })
    const wrong = set([{ name: "cleanup.policy", value: "sometimes" }], DRY)
    await expect(wrong).rejects.toMatchObject({ code: "bad_input" })
    await expect(wrong).rejects.toThrow(/cannot be changed: .*cleanup\.policy/)
    await expect(
      own.admin.configure({ destination: "no-such-topic", changes: [] }, DRY, soon()),
    ).rejects.toMatchObject({
      code: "not_found",
    })
  })

  it("does not delete records of a compacted topic, and says why", async () => {
    await using own = administer()
    const topic = unique("customers")
    await createTopic(kafkaClient(), topic, { config: { "cleanup.policy": "compact" } })
    const before = [{ destination: topic, partition: 0, offset: 0n }]
    const { left, problems } = await own.admin.deleteRecords(before, soon())
    expect(left).toEqual([])
    expect(problems).toMatchObject([{ code: "POLICY_VIOLATION", message: /compacted/ }])
  })

  it("does not delete a group that has members", async () => {
    await using own = administer()
    const topic = unique("orders")
    const groupId = unique("billing")
    await createTopic(kafkaClient(), topic)
    const consumer = kafkaClient().consumer({ groupId })
    await consumer.connect()
    await consumer.subscribe({ topic })
    const joined = new Promise((resolve) => consumer.on("consumer.group_join", resolve))
    await consumer.run({ eachMessage: async () => undefined })
    await joined
    const deletion = own.admin.deleteGroup({ name: groupId, type: "classic" }, soon())
    await expect(deletion).rejects.toMatchObject({ code: "conflict" })
    await expect(deletion).rejects.toThrow(/was not deleted: it has members now/)
    await consumer.disconnect()
  })
})
