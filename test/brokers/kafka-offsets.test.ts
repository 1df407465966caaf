import { expect, inject, it } from "vitest"
import { connectKafka, createTopic, kafkaClient, produce, unique } from "./kafka-world.ts"
import { startMember } from "./member.ts"

const soon = () => AbortSignal.timeout(60_000)

it.each(["classic", "consumer"] as const)(
  "a %s group that is active is refused, and nothing is written",
  async (type) => {
    const topic = unique("orders")
    const group = { name: unique("billing"), type }
    await createTopic(kafkaClient(), topic)
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const offsets = async () =>
      (await broker.sample({ groups: [group.name] }, soon())).groups[0]?.commits[0]?.offsets ?? []
    const at = [{ destination: topic, partition: 0, offset: 7n }]
    const member = await startMember({ topic, group: group.name, protocol: type })
    await expect(broker.offsets?.commit(group, at, soon())).rejects.toMatchObject({ code: "conflict" })
    expect(await offsets()).not.toContain(7n)
    await member.stop()
    const written = await broker.offsets?.commit(group, at, soon())
    expect(written?.problems).toEqual([])
    expect((await offsets())[0]).toBe(7n)
  },
)

it("moves the start of a share group, and forgets its topics", async () => {
  const kafka = kafkaClient()
  const topic = unique("parcels")
  const group = { name: unique("sharing"), type: "share" }
  await createTopic(kafka, topic, { partitions: 1 })
  await produce(
    kafka,
    topic,
    Array.from({ length: 10 }, (_, i) => ({ partition: 0, value: `parcel ${i}` })),
  )
  await using broker = connectKafka(inject("kafkaBootstrap"))
  const member = await startMember({ topic, group: group.name, protocol: "share" })
  const at = [{ destination: topic, partition: 0, offset: 4n }]
  await expect(broker.offsets?.commit(group, at, soon())).rejects.toMatchObject({ code: "conflict" })
  await member.stop()
  expect((await broker.offsets?.commit(group, at, soon()))?.problems).toEqual([])
  const sampled = await broker.sample({ groups: [group.name] }, soon())
  expect(sampled.groups[0]?.commits[0]?.offsets).toEqual([4n])
  const gone = await broker.offsets?.remove(group, [{ destination: topic, partition: 0 }], soon())
  expect(gone?.problems).toEqual([])
  const after = await broker.sample({ groups: [group.name] }, soon())
  expect(after.groups[0]?.commits ?? []).toEqual([])
})

it("does not touch a group of a type it does not know", async () => {
  await using broker = connectKafka(inject("kafkaBootstrap"))
  const at = [{ destination: "orders", partition: 0, offset: 1n }]
  await expect(broker.offsets?.commit({ name: "app", type: "streams" }, at, soon())).rejects.toMatchObject({
    code: "unsupported",
  })
})
