import { createAPI, Writer } from "@platformatic/kafka"
import { expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { KafkaClient } from "#server/brokers/kafka/client.ts"
import { kafkaConnection } from "#server/brokers/kafka/connection.ts"
import { seenUntil } from "#test/until.ts"
import { commit, connectKafka, createTopic, kafkaClient } from "./kafka-world.ts"

const soon = () => AbortSignal.timeout(60_000)

/*
  StreamsGroupHeartbeat Request (Version: 0, KIP-1071, API key 88): what joins a group of one subtopology that reads
  one topic. Kafka Streams itself is not among the jars of the test stack.
*/
const heartbeat = createAPI<[member: { group: string; id: string; epoch: number; topic: string }], number>(
  88,
  0,
  ({ group, id, epoch, topic }) => {
    const joins = epoch === 0
    const writer = Writer.create().appendString(group).appendString(id).appendInt32(epoch).appendInt32(0)
    writer.appendString(null).appendString(null)
    writer.appendInt32(joins ? 10_000 : -1).appendInt8(joins ? 1 : -1)
    if (joins) {
      writer.appendInt32(0)
      writer.appendArray(["sub-0"], (subtopology, name) => {
        subtopology.appendString(name)
        subtopology.appendArray([topic], (one, source) => one.appendString(source), true, false)
        for (let i = 0; i < 5; i++) subtopology.appendArray([], () => undefined)
      })
      writer.appendTaggedFields()
    }
    for (let i = 0; i < 3; i++) writer.appendArray(joins ? [] : null, () => undefined)
    writer.appendString(joins ? "process-1" : null).appendInt8(-1)
    for (let i = 0; i < 3; i++) writer.appendArray(joins && i === 0 ? [] : null, () => undefined)
    return writer.appendBoolean(false).appendTaggedFields()
  },
  (_correlationId, _key, _version, reader) => {
    reader.readInt32()
    const errorCode = reader.readInt16()
    const message = reader.readNullableString()
    if (errorCode !== 0) throw new Error(`heartbeat: ${errorCode} ${message}`)
    reader.readString()
    return reader.readInt32()
  },
)

it("shows the members of a Streams group and what each reads", async () => {
  const protocols = { "group.coordinator.rebalance.protocols": "classic,consumer,share,streams" }
  await using cluster = await startKafka({
    config: { ...protocols, "group.streams.initial.rebalance.delay.ms": "0" },
  })
  const kafka = kafkaClient(cluster.bootstrap)
  await createTopic(kafka, "clicks", { partitions: 3 })
  // The first commit of all makes the topic in which coordinators keep their groups.
  await commit(kafka, "other", { topic: "clicks", offsets: { 0: 0 } })
  const connection = kafkaConnection.parse({ bootstrap: cluster.bootstrap })
  await using app = new KafkaClient(connection, "clicks-app")
  await using broker = connectKafka(cluster.bootstrap)
  const member = { group: "sessions", id: "member-1", topic: "clicks" }
  let epoch = 0
  const beat = async () => {
    // Its coordinator may still be loading.
    const answer = app.sendToAny(heartbeat, { args: [{ ...member, epoch }], signal: soon() })
    epoch = await answer.catch(() => epoch)
    return (await broker.describe({ groups: ["sessions"] }, soon())).groups[0]
  }
  const group = await seenUntil(beat, (one) => one?.state === "stable")
  expect(group).toMatchObject({ name: "sessions", type: "streams", state: "stable" })
  expect(group?.members).toEqual([
    {
      id: "member-1",
      instanceId: null,
      clientId: "clicks-app",
      host: "127.0.0.1",
      assignment: [{ destination: "clicks", partitions: [0, 1, 2] }],
    },
  ])
})
