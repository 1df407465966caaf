import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { administrationWorld, CLUSTER, commitAt, soon, write } from "./world.ts"

let world: Awaited<ReturnType<typeof administrationWorld>>
beforeAll(async () => {
  world = await administrationWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

describe("deleting a group", () => {
  it("tells which positions go, and keeps them in the audit log", async () => {
    const [topic, group] = [unique("orders"), unique("billing")]
    await createTopic(kafkaClient(), topic)
    await write(world.broker, topic, { 0: 5, 1: 2 })
    await commitAt(world.broker, group, topic, { 0: 2, 1: 2 })
    const preview = await world.as("admin").previewDeleteGroup({ cluster: CLUSTER, group })
    expect(preview).toEqual({
      type: "classic",
      state: "empty",
      members: [],
      positions: [{ destination: topic, partitions: 2, unread: 3 }],
      refusal: null,
      problems: [],
    })
    const wanted = { cluster: CLUSTER, group }
    await expect(world.as("admin").deleteGroup({ ...wanted, confirm: "x" })).rejects.toThrow(/Type the name/)
    await expect(world.as("operator").deleteGroup({ ...wanted, confirm: group })).rejects.toThrow(
      /needs the role admin/,
    )
    await world.as("admin").deleteGroup({ ...wanted, confirm: group })
    expect((await world.broker.sample({ groups: [group] }, soon())).groups).toEqual([])
    expect(await world.entryOf(group)).toMatchObject({
      action: "group.delete",
      cluster: CLUSTER,
      before: { type: "classic", positions: { [topic]: [2, 2] } },
      result: "ok",
    })
    await expect(world.as("admin").previewDeleteGroup(wanted)).rejects.toMatchObject({ code: "NOT_FOUND" })
  })

  it("is refused while it is active, with its members named", async () => {
    const [topic, group] = [unique("orders"), unique("billing")]
    await createTopic(kafkaClient(), topic)
    const consumer = kafkaClient().consumer({ groupId: group })
    await consumer.connect()
    await consumer.subscribe({ topic })
    const joined = new Promise((resolve) => consumer.on("consumer.group_join", resolve))
    await consumer.run({ eachMessage: async () => undefined })
    await joined
    try {
      const preview = await world.as("admin").previewDeleteGroup({ cluster: CLUSTER, group })
      const refusal = `${group} has a member now: kafkajs at 127.0.0.1. Stop them first.`
      expect(preview).toMatchObject({ refusal, members: [{ clientId: "kafkajs", host: "127.0.0.1" }] })
      const deletion = world.as("admin").deleteGroup({ cluster: CLUSTER, group, confirm: group })
      await expect(deletion).rejects.toThrow(refusal)
      expect(await world.entryOf(group)).toMatchObject({ result: "failed", reason: refusal })
    } finally {
      await consumer.disconnect()
    }
  })
})
