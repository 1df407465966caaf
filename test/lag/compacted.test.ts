import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { listDestinations, listDestinationsInput } from "#server/clusters/index.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER, lagWorld } from "./world.ts"

describe("compacted topics", { timeout: 120_000 }, () => {
  it("show offsets as the most that there can be, beside topics whose messages are counted", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    await using world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
    const kafka = kafkaClient()
    const [compacted, plain] = [unique("prices"), unique("orders")]
    const [reader, other] = [unique("cache"), unique("billing")]
    await createTopic(kafka, compacted, { partitions: 2, config: { "cleanup.policy": "compact" } })
    await createTopic(kafka, plain, { partitions: 2 })
    const messages = Array.from({ length: 50 }, (_, i) => ({
      partition: i % 2,
      key: `k${i % 5}`,
      value: "v",
    }))
    for (const topic of [compacted, plain]) await produce(kafka, topic, messages)
    await commit(kafka, reader, { topic: compacted, offsets: { 0: 5, 1: 5 } })
    await commit(kafka, other, { topic: plain, offsets: { 0: 5, 1: 5 } })
    await world.sweep(Date.now() - 50_000)
    await world.describe()
    for (const before of [40_000, 20_000, 0]) await world.sweep(Date.now() - before)

    const of = async (q: string) => {
      const input = listDestinationsInput.parse({ cluster: CLUSTER, q })
      return (await listDestinations(world.ctx, input)).rows[0]
    }
    expect(await of(compacted)).toMatchObject({ messages: null, offsets: 50 })
    expect(await of(plain)).toMatchObject({ messages: 50, offsets: 50 })
    const shown = await world.group(reader)
    expect(shown).toMatchObject({ lag: 40, compacted: true, verdict: { status: "stopped" } })
    expect(shown.verdict.sentence).toContain("up to 40 unread messages")
    const counted = await world.group(other)
    expect(counted).toMatchObject({ lag: 40, compacted: false })
    expect(counted.verdict.sentence).toContain("; 40 unread messages")
  })
})
