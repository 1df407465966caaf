import { Consumer } from "@platformatic/kafka"
import { describe, expect, inject, it } from "vitest"
import { seenUntil } from "#test/until.ts"
import { testBroker } from "./contract.ts"
import { kafkaContractWorld } from "./kafka-contract-world.ts"
import { commit, connectKafka, createTopic, kafkaClient, recreateTopic, unique } from "./kafka-world.ts"

testBroker({ system: "Kafka", world: () => kafkaContractWorld((broker) => broker) })

const soon = () => AbortSignal.timeout(60_000)

describe("Kafka's own ways", () => {
  it("shows the members of a KIP-848 group, which DescribeGroups calls dead", async () => {
    const kafka = kafkaClient()
    const topic = unique("parcels")
    const groupId = unique("modern")
    await createTopic(kafka, topic)
    const consumer = new Consumer({
      clientId: "modern-client",
      groupId,
      bootstrapBrokers: inject("kafkaBootstrap"),
      groupProtocol: "consumer",
    })
    const stream = await consumer.consume({ topics: [topic], autocommit: true })
    stream.on("data", () => undefined)
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const group = await seenUntil(
      async () => (await broker.describe({ groups: [groupId] }, soon())).groups[0],
      (one) => (one?.members?.[0]?.assignment?.length ?? 0) > 0,
    )
    expect(group).toMatchObject({ type: "consumer", state: "stable" })
    expect(group?.members?.[0]).toMatchObject({
      clientId: "modern-client",
      assignment: [{ destination: topic, partitions: [0, 1] }],
    })
    await stream.close()
    await consumer.close(true)
  })

  it("tells what an open transaction hides", async () => {
    const kafka = kafkaClient()
    const topic = unique("ledger")
    await createTopic(kafka, topic)
    const producer = kafka.producer({
      transactionalId: unique("tx"),
      maxInFlightRequests: 1,
      idempotent: true,
    })
    await producer.connect()
    const transaction = await producer.transaction()
    await transaction.send({ topic, messages: [{ partition: 0, value: "booked" }] })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const notes = async () =>
      (await broker.describe({ destinations: [topic] }, soon())).destinations[0]?.notes
    expect(await notes()).toEqual([
      "An open transaction on partition 0 hides the last 1 offsets from read_committed consumers.",
    ])
    await transaction.commit()
    // The marker of the commit is written after the answer.
    expect(await seenUntil(notes, (one) => one?.length === 0)).toEqual([])
    await producer.disconnect()
  })

  it("gives a topic another identity when it was deleted and created again", async () => {
    const kafka = kafkaClient()
    const topic = unique("customers")
    await createTopic(kafka, topic)
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const uidOf = async () => (await broker.sample({ destinations: [topic] }, soon())).destinations[0]?.uid
    const first = await uidOf()
    await recreateTopic(kafka, topic)
    expect(first).toMatch(/^[0-9a-f-]{36}$/)
    const second = await seenUntil(uidOf, (uid) => uid !== undefined && uid !== first)
    expect(second).toMatch(/^[0-9a-f-]{36}$/)
    expect(second).not.toBe(first)
  })

  it("tells what a topic's configuration overrides, and what it would be without", async () => {
    const kafka = kafkaClient()
    const topic = unique("audit")
    await createTopic(kafka, topic, { config: { "max.message.bytes": "2000000" } })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const described = await broker.describe({ configs: [topic] }, soon())
    const entry = described.configs[0]?.entries.find((one) => one.name === "max.message.bytes")
    expect(entry).toMatchObject({
      value: "2000000",
      source: "topic",
      isDefault: false,
      isOverride: true,
      default: "1048588",
    })
  })

  it("tells the default of a setting that brokers know in several units", async () => {
    const topic = unique("audit")
    const overrides = { "retention.ms": "60000", "segment.ms": "61000", "flush.ms": "62000" }
    await createTopic(kafkaClient(), topic, { config: { ...overrides, "remote.storage.enable": "false" } })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const described = await broker.describe({ configs: [topic] }, soon())
    const defaults = described.configs[0]?.entries.map((one) => [one.name, one.default] as const)
    expect(Object.fromEntries(defaults ?? [])).toMatchObject({
      "retention.ms": String(7 * 86_400_000),
      "segment.ms": String(7 * 86_400_000),
      "flush.ms": "9223372036854775807",
      "remote.storage.enable": "false",
      "cleanup.policy": "delete",
    })
    expect(defaults?.filter(([, value]) => value === null)).toEqual([])
  })

  it("costs no more requests for more groups and topics", async () => {
    const kafka = kafkaClient()
    await using broker = connectKafka(inject("kafkaBootstrap"))
    await broker.sample({}, soon())
    const before = (await broker.sample({}, soon())).cost.requests
    for (let i = 0; i < 5; i++) {
      const topic = unique("more")
      await createTopic(kafka, topic)
      await commit(kafka, unique("more-group"), { topic, offsets: { 0: 0 } })
    }
    expect((await broker.sample({}, soon())).cost.requests).toBeLessThanOrEqual(before + 2)
  })
})
