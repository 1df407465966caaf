import { describe, expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import type { Sampled } from "#server/brokers/broker.ts"
import { seenUntil } from "#test/until.ts"
import { commit, connectKafka, createTopic, kafkaClient, produce } from "./kafka-world.ts"

const soon = () => AbortSignal.timeout(60_000)

describe("a broker is killed", () => {
  it("leaves all else visible, names what is not, and recovers with the same client", async () => {
    await using cluster = await startKafka({ brokers: 3 })
    const kafka = kafkaClient(cluster.bootstrap)
    await createTopic(kafka, "orders", { partitions: 6, replicas: 1 })
    await produce(
      kafka,
      "orders",
      Array.from({ length: 6 }, (_, partition) => ({ partition, value: "x" })),
    )
    await commit(kafka, "billing", { topic: "orders", offsets: { 0: 1 } })
    await using broker = connectKafka(cluster.bootstrap)
    // The first commit creates the topic of offsets, whose leaders load one after another.
    const complete = () =>
      seenUntil(
        () => broker.sample({}, soon()),
        ({ problems }) => problems.length === 0,
      )
    const whole = await complete()
    const before = whole.destinations.find((one) => one.name === "orders")?.ends ?? []

    const victim = cluster.nodes[2]
    await victim?.kill()
    // First nothing listens there; then the cluster knows that these partitions have no leader.
    const leaderless = ({ problems }: Sampled) => problems.some(({ part }) => part.kind === "destination")
    const sampled = await seenUntil(() => broker.sample({}, soon()), leaderless)
    const ends = sampled.destinations.find((one) => one.name === "orders")?.ends ?? []
    const unknown = ends.flatMap((end, partition) => (end === null ? [partition] : []))
    expect(unknown.length).toBeGreaterThan(0)
    expect(ends).toEqual(before.map((end, partition) => (unknown.includes(partition) ? null : end)))
    for (const partition of unknown) {
      expect(sampled.problems).toContainEqual(
        expect.objectContaining({ part: { kind: "destination", destination: "orders", partition } }),
      )
    }
    const described = await broker.describe({ nodes: true }, soon())
    expect(described.nodes.map((node) => [node.id, node.online])).toEqual([
      [1, true],
      [2, true],
      [3, false],
    ])

    await victim?.start()
    const healed = await complete()
    expect(healed.destinations.find((one) => one.name === "orders")?.ends).toEqual(before)
  })
})
