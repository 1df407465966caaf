import { joinGroupV9, syncGroupV5, Writer } from "@platformatic/kafka"
import { describe, expect, inject, it } from "vitest"
import { kafkaClasspath } from "#scripts/stack/kafka/jars.ts"
import { kafkaTools } from "#scripts/stack/kafka/tools.ts"
import type { Broker, ConsumerGroup } from "#server/brokers/broker.ts"
import { KafkaClient } from "#server/brokers/kafka/client.ts"
import { kafkaConnection } from "#server/brokers/kafka/connection.ts"
import { findCoordinator } from "#server/brokers/kafka/find-coordinator.ts"
import { seenUntil } from "#test/until.ts"
import { connectKafka, createTopic, kafkaClient, produce, unique } from "./kafka-world.ts"

const soon = () => AbortSignal.timeout(60_000)

/** The group as soon as it is as wanted. */
function groupWhen(broker: Broker, name: string, wanted: (group: ConsumerGroup) => boolean) {
  const look = async () => (await broker.describe({ groups: [name] }, soon())).groups[0]
  return seenUntil(look, (group) => group !== undefined && wanted(group))
}

const isAssigned = (group: ConsumerGroup) => (group.members?.[0]?.assignment?.length ?? 0) > 0

describe("share groups", () => {
  it("are listed, described with their members, and sampled", async () => {
    const kafka = kafkaClient()
    const topic = unique("letters")
    const name = unique("posters")
    await createTopic(kafka, topic)
    const tools = kafkaTools(await kafkaClasspath(), inject("kafkaBootstrap"))
    // Else it begins at the end of the log, wherever that is when it fetches first.
    const fromStart = ["--add-config", "share.auto.offset.reset=earliest"]
    await tools.run("configs", ["--alter", "--entity-type", "groups", "--entity-name", name, ...fromStart])
    const args = ["--topic", topic, "--group", name, "--max-messages", "7", "--timeout-ms", "120000"]
    const consumer = tools.run("console-share-consumer", args)
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const group = await groupWhen(broker, name, isAssigned)
    expect(group).toMatchObject({ name, type: "share", state: "stable", assignor: "simple" })
    expect(group?.members?.[0]).toMatchObject({
      clientId: "console-share-consumer",
      host: "127.0.0.1",
      assignment: [{ destination: topic, partitions: [0, 1] }],
    })
    const messages = Array.from({ length: 6 }, (_, i) => ({ partition: i % 2, value: `letter ${i}` }))
    await produce(kafka, topic, messages)
    // It tells what is done with its next poll.
    const sampled = await seenUntil(
      () => broker.sample({ groups: [name], destinations: [topic] }, soon()),
      // Coordinators that are new on the machine answer one after another.
      ({ groups, problems }) =>
        problems.length === 0 && (groups[0]?.commits[0]?.offsets.every((offset) => offset === 3n) ?? false),
    )
    expect(sampled.groups).toEqual([
      {
        name,
        type: "share",
        state: "stable",
        empty: false,
        known: true,
        commits: [{ destination: topic, offsets: [3n, 3n], unknown: [] }],
      },
    ])
    expect(sampled.problems).toEqual([])
    await produce(kafka, topic, [{ partition: 0, value: "letter 6" }])
    expect((await consumer).match(/letter/g)).toHaveLength(7)
  })
})

describe("a member whose assignment cannot be decoded", () => {
  it("is shown all the same, and the problem is named", async () => {
    const name = unique("strange")
    const connection = kafkaConnection.parse({ bootstrap: inject("kafkaBootstrap") })
    await using client = new KafkaClient(connection, "strange-client")
    const member = await joinWithGarbage(client, name)
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const described = await broker.describe({ groups: [name] }, soon())
    expect(described.groups[0]).toMatchObject({ type: "classic", state: "stable", assignor: "own" })
    expect(described.groups[0]?.members).toEqual([
      { id: member, instanceId: null, clientId: "strange-client", host: "127.0.0.1", assignment: null },
    ])
    expect(described.problems).toMatchObject([
      { part: { kind: "group", group: name, member }, code: "undecodable_assignment" },
    ])
  })
})

/** Joins as the only member, and so the leader, with an assignment that is not the consumer protocol's. */
async function joinWithGarbage(client: KafkaClient, group: string): Promise<string> {
  // A fresh cluster makes its offsets topic when the first coordinator is asked for.
  const coordinator = await seenUntil(
    () => findCoordinator(client, { kind: "group", key: group }, soon()).catch(() => null),
    (found) => found !== null,
  )
  if (!coordinator) throw new Error("there is no coordinator")
  const to = coordinator
  // A subscription to nothing: the coordinator reads it, the assignment it does not.
  const metadata = Writer.create().appendInt16(0).appendInt32(0).appendInt32(-1).buffer
  const protocols = [{ name: "own", metadata }]
  const join = (member: string) =>
    client.send(to, joinGroupV9.api, {
      args: [group, 30_000, 30_000, member, null, "consumer", protocols],
      signal: soon(),
    })
  const first = await join("")
  const joined = await join(first.memberId)
  const assignments = [{ memberId: joined.memberId, assignment: Buffer.from("no assignment at all") }]
  const args: Parameters<typeof syncGroupV5.createRequest> = [
    group,
    joined.generationId,
    joined.memberId,
    null,
    "consumer",
    "own",
    assignments,
  ]
  await client.send(to, syncGroupV5.api, { args, signal: soon() })
  return joined.memberId
}
