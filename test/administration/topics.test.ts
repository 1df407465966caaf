import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { administrationWorld, CLUSTER, commitAt, soon, write } from "./world.ts"

let world: Awaited<ReturnType<typeof administrationWorld>>
beforeAll(async () => {
  world = await administrationWorld()
})
afterAll(() => world[Symbol.asyncDispose]())

const subject = (destination: string) => ({ cluster: CLUSTER, destination })
const topicOf = async (name: string) =>
  (await world.broker.describe({ destinations: [name] }, soon())).destinations[0]
const logOf = async (name: string) =>
  (await world.broker.sample({ destinations: [name], groups: [] }, soon())).destinations[0]
const settingOf = async (topic: string, name: string) =>
  (await world.broker.describe({ configs: [topic] }, soon())).configs[0]?.entries.find(
    (entry) => entry.name === name,
  )

describe("creating a topic", () => {
  it("is checked by the broker before, done, and written down", async () => {
    const configs = [{ name: "retention.ms", value: "60000" }]
    const wanted = { ...subject(unique("parcels")), partitions: 3, replicas: 2, configs }
    const preview = await world.as("operator").previewCreate(wanted)
    expect(preview).toEqual({ refusal: null, problems: [], warnings: [] })
    expect(await topicOf(wanted.destination)).toBeUndefined()
    await world.as("operator").create(wanted)
    expect((await topicOf(wanted.destination))?.partitions).toHaveLength(3)
    expect(await world.entryOf(wanted.destination)).toMatchObject({
      actor: "operator@example.org",
      action: "destination.create",
      cluster: CLUSTER,
      after: { partitions: 3, replicas: 2, settings: { "retention.ms": "60000" } },
      result: "ok",
    })
  })

  it("says in the preview what the broker would refuse, and refuses it", async () => {
    const taken = unique("taken")
    await createTopic(kafkaClient(), taken)
    const wanted = { ...subject(taken), partitions: 1, replicas: 1, configs: [] }
    expect((await world.as("operator").previewCreate(wanted)).refusal).toMatch(/already one of this name/)
    const tooMany = { ...subject(unique("many")), partitions: 1, replicas: 9, configs: [] }
    expect((await world.as("operator").previewCreate(tooMany)).refusal).toMatch(/replication factor/i)
    await expect(world.as("operator").create(wanted)).rejects.toMatchObject({ code: "CONFLICT" })
    expect(await world.entryOf(taken)).toMatchObject({ action: "destination.create", result: "failed" })
  })

  it("warns of what the broker takes but hurts later", async () => {
    const configs = [{ name: "min.insync.replicas", value: "3" }]
    const wanted = { ...subject(unique("risky")), partitions: 1, replicas: 3, configs }
    expect((await world.as("operator").previewCreate(wanted)).warnings).toMatchObject([
      /if one broker is down/,
    ])
    const alone = await world.as("operator").previewCreate({ ...wanted, replicas: 1, configs: [] })
    expect(alone.warnings).toMatchObject([/one replica/])
  })

  it("needs the role operator, and the refusal is written down", async () => {
    const wanted = { ...subject(unique("mine")), partitions: 1, replicas: 1, configs: [] }
    await expect(world.as("viewer").create(wanted)).rejects.toThrow(/needs the role operator/)
    await expect(world.as("viewer").previewCreate(wanted)).rejects.toThrow(/needs the role operator/)
    expect(await world.entryOf(wanted.destination)).toMatchObject({ result: "refused" })
    expect(await topicOf(wanted.destination)).toBeUndefined()
  })
})

describe("changing settings", () => {
  it("shows each beside today's value and the default, and what is deleted by it", async () => {
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic, { config: { "segment.ms": "61000" } })
    await write(world.broker, topic, { 0: 4, 1: 2 })
    const changes = [
      { name: "retention.ms", value: "0" },
      { name: "segment.ms", value: null },
    ]
    const preview = await world.as("operator").previewConfigure({ ...subject(topic), changes })
    const week = String(7 * 86_400_000)
    expect(preview).toMatchObject({
      refusal: null,
      deletes: 6,
      changes: [
        {
          name: "retention.ms",
          today: week,
          source: "default",
          default: week,
          next: "0",
          isTakenBack: false,
        },
        { name: "segment.ms", today: "61000", source: "topic", default: week, next: week, isTakenBack: true },
      ],
    })
    const later = [{ name: "retention.ms", value: "3600000" }]
    const kept = await world.as("operator").previewConfigure({ ...subject(topic), changes: later })
    expect(kept.deletes).toBe(0)
  })

  it("touches only what is named, and writes before and after down", async () => {
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic, { config: { "segment.ms": "61000" } })
    const changes = [{ name: "retention.ms", today: "604800000", value: "7200000" }]
    await world.as("operator").configure({ ...subject(topic), changes })
    expect(await settingOf(topic, "retention.ms")).toMatchObject({ value: "7200000", source: "topic" })
    expect(await settingOf(topic, "segment.ms")).toMatchObject({ value: "61000", source: "topic" })
    expect(await world.entryOf(topic)).toMatchObject({
      action: "destination.configure",
      before: { "retention.ms": "604800000" },
      after: { "retention.ms": "7200000" },
      result: "ok",
    })
  })

  it("changes nothing when a setting is not what the preview showed", async () => {
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic, { config: { "retention.ms": "1000" } })
    const changes = [
      { name: "segment.ms", today: "604800000", value: "60000" },
      { name: "retention.ms", today: "2000", value: "3000" },
    ]
    const refused = world.as("operator").configure({ ...subject(topic), changes })
    await expect(refused).rejects.toThrow("retention.ms is 1000 by now: look at the preview again.")
    expect(await settingOf(topic, "segment.ms")).toMatchObject({ source: "default" })
    expect(await world.entryOf(topic)).toMatchObject({ result: "failed" })
  })

  it("says what the broker would refuse, and what hurts", async () => {
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic)
    const preview = (name: string, value: string) =>
      world.as("operator").previewConfigure({ ...subject(topic), changes: [{ name, value }] })
    expect((await preview("cleanup.policy", "sometimes")).refusal).toMatch(/cleanup\.policy/)
    expect((await preview("cleanup.policy", "compact")).warnings).toMatchObject([
      /newest message of each key/,
    ])
    expect((await preview("min.insync.replicas", "2")).warnings).toMatchObject([/acks=all will be rejected/])
    await expect(preview("no.such.setting", "1")).rejects.toThrow(/no setting no\.such\.setting/)
  })
})

describe("adding partitions", () => {
  it("warns of keys and readers, and is done after the name was typed", async () => {
    const topic = unique("orders")
    const group = unique("billing")
    await createTopic(kafkaClient(), topic)
    await write(world.broker, topic, { 0: 3 }, "order-1")
    await commitAt(world.broker, group, topic, { 0: 1 })
    const unsampled = await world.as("operator").previewGrow({ ...subject(topic), total: 5 })
    expect(unsampled).toMatchObject({ readers: [], readerCount: null, problems: [{ code: "not_sampled" }] })
    await world.sweep()
    const preview = await world.as("operator").previewGrow({ ...subject(topic), total: 5 })
    expect(preview).toMatchObject({ from: 2, to: 5, keyed: true, compacted: false, refusal: null })
    expect(preview.readers).toEqual([{ group, type: "classic", state: "empty", members: [], unread: 2 }])
    expect(preview).toMatchObject({ readerCount: 1, problems: [] })
    const wanted = { ...subject(topic), total: 5, from: 2 }
    await expect(world.as("operator").grow({ ...wanted, confirm: "orders" })).rejects.toThrow(/Type the name/)
    await world.as("operator").grow({ ...wanted, confirm: topic })
    expect((await topicOf(topic))?.partitions).toHaveLength(5)
    expect(await world.entryOf(topic)).toMatchObject({
      action: "destination.grow",
      before: { partitions: 2 },
      after: { partitions: 5 },
    })
    await expect(world.as("operator").grow({ ...wanted, confirm: topic })).rejects.toThrow(
      /5 partitions by now/,
    )
  })

  it("says that there is no way to fewer", async () => {
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic)
    const preview = await world.as("operator").previewGrow({ ...subject(topic), total: 1 })
    expect(preview.refusal).toMatch(/cannot get more partitions/)
    expect(preview.keyed).toBeNull()
  })
})

describe("emptying a topic", () => {
  it("tells what goes and who has not read it, and leaves what arrived since", async () => {
    const topic = unique("orders")
    const [done, behind] = [unique("done"), unique("behind")]
    await createTopic(kafkaClient(), topic)
    await write(world.broker, topic, { 0: 5, 1: 3 })
    await commitAt(world.broker, done, topic, { 0: 5, 1: 3 })
    await commitAt(world.broker, behind, topic, { 0: 1, 1: 0 })
    await world.sweep()
    const preview = await world.as("admin").previewEmpty(subject(topic))
    expect(preview).toMatchObject({
      messages: 8,
      refusal: null,
      until: [
        { partition: 0, before: 5 },
        { partition: 1, before: 3 },
      ],
    })
    expect(preview.bytes).toBeGreaterThan(0)
    expect(preview.readers.map((one) => [one.group, one.unread])).toEqual([
      [behind, 7],
      [done, 0],
    ])
    await write(world.broker, topic, { 0: 2 })
    const { uid, until } = preview
    const wanted = { ...subject(topic), uid, until }
    await expect(world.as("admin").empty({ ...wanted, confirm: "" })).rejects.toThrow(/Type the name/)
    const emptied = await world.as("admin").empty({ ...wanted, confirm: topic })
    expect(emptied).toEqual({ deleted: 8, partitions: 2, problems: [] })
    expect(await logOf(topic)).toMatchObject({ starts: [5n, 3n], ends: [7n, 3n] })
    expect(await world.entryOf(topic)).toMatchObject({
      action: "destination.empty",
      after: { deleted: 8, partitions: 2 },
      result: "ok",
    })
  })

  it("is refused where a topic is compacted, internal, or another by now", async () => {
    const topic = unique("customers")
    await createTopic(kafkaClient(), topic, { config: { "cleanup.policy": "compact" } })
    const preview = await world.as("admin").previewEmpty(subject(topic))
    expect(preview.refusal).toMatch(/is compacted/)
    const until = [{ partition: 0, before: 0 }]
    const wanted = { ...subject(topic), uid: preview.uid, until, confirm: topic }
    await expect(world.as("admin").empty(wanted)).rejects.toThrow(/is compacted/)
    await expect(world.as("admin").empty({ ...wanted, uid: "another" })).rejects.toThrow(/created again/)
    const internal = await world.as("admin").previewEmpty(subject("__consumer_offsets"))
    expect(internal.refusal).toMatch(/internal/)
    await expect(world.as("operator").previewEmpty(subject(topic))).rejects.toThrow(/needs the role admin/)
  })
})

describe("deleting a topic", () => {
  it("tells what is lost and who reads it, and is done after the name was typed", async () => {
    const topic = unique("orders")
    const group = unique("billing")
    await createTopic(kafkaClient(), topic, { config: { "retention.ms": "60000000" } })
    await write(world.broker, topic, { 0: 5 })
    await commitAt(world.broker, group, topic, { 0: 2 })
    await world.sweep()
    const preview = await world.as("admin").previewDelete(subject(topic))
    expect(preview).toMatchObject({
      partitions: 2,
      messages: 5,
      refusal: null,
      readers: [{ group, unread: 3 }],
    })
    const { uid } = preview
    await expect(world.as("admin").delete({ ...subject(topic), uid, confirm: "x" })).rejects.toThrow(
      /Type the name/,
    )
    const other = { ...subject(topic), uid: "another", confirm: topic }
    await expect(world.as("admin").delete(other)).rejects.toThrow(/created again/)
    expect(await topicOf(topic)).toBeDefined()
    await world.as("admin").delete({ ...subject(topic), uid, confirm: topic })
    expect(await topicOf(topic)).toBeUndefined()
    expect(await world.entryOf(topic)).toMatchObject({
      action: "destination.delete",
      before: { partitions: 2, replicas: 1, messages: 5, settings: { "retention.ms": "60000000" } },
      result: "ok",
    })
    await expect(world.as("admin").previewDelete(subject(topic))).rejects.toMatchObject({ code: "NOT_FOUND" })
  })

  it("is refused for an internal topic, and needs the role admin", async () => {
    const preview = await world.as("admin").previewDelete(subject("__consumer_offsets"))
    expect(preview.refusal).toMatch(/internal/)
    const wanted = { ...subject("__consumer_offsets"), uid: preview.uid, confirm: "__consumer_offsets" }
    await expect(world.as("admin").delete(wanted)).rejects.toThrow(/internal/)
    await expect(world.as("operator").delete(wanted)).rejects.toThrow(/needs the role admin/)
  })
})
