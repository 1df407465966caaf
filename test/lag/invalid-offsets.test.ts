import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { listPartitions, listPartitionsInput } from "#server/lag/queries/index.ts"
import { getPlan, planView, previewReset } from "#server/offsets/index.ts"
import { connectKafka, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER, lagWorld } from "./world.ts"

const MAX = 2n ** 63n - 1n

describe("committed offsets beyond the end", { timeout: 120_000 }, () => {
  it("are said, beside partitions that are right, up to the greatest offset there is", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    await using world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
    await using broker = connectKafka(inject("kafkaBootstrap"))
    const topic = unique("orders")
    await createTopic(kafkaClient(), topic, { partitions: 2 })
    const messages = [0, 0, 0, 1, 1].map((partition) => ({ partition, value: "v" }))
    await produce(kafkaClient(), topic, messages)
    const groups = { beyond: unique("beyond"), greatest: unique("greatest") }
    const write = (name: string, offset: bigint) =>
      broker.offsets?.commit(
        { name, type: "classic" },
        [
          { destination: topic, partition: 0, offset },
          { destination: topic, partition: 1, offset: 1n },
        ],
        AbortSignal.timeout(120_000),
      )
    await write(groups.beyond, 5000n)
    await write(groups.greatest, MAX)
    const at = Date.now()
    for (let i = 0; i < 4; i++) await world.sweep(at + i * 10_000)
    const shown = await world.group(groups.beyond)
    expect(shown.verdict.status).toBe("invalid")
    expect(shown.verdict.sentence).toContain(`committed offset 5,000 on partition 0 of ${topic}`)
    expect(shown.verdict.sentence).toContain("beyond the end of the log (3)")
    expect(shown).toMatchObject({ lag: 1, parts: { partitions: 2, unknown: 1 }, caughtUpIn: null })
    expect((await world.group(groups.greatest)).verdict).toMatchObject({ status: "invalid" })
    const input = listPartitionsInput.parse({ cluster: CLUSTER, group: groups.beyond })
    const { rows } = await listPartitions(world.ctx, input)
    expect(rows.map((row) => [row.lag, row.beyond])).toEqual([
      [null, 4997],
      [1, null],
    ])
    const actor = { kind: "user", id: "u", email: "ann@example.org", role: "operator", clusters: {} } as const
    const { id, email, role } = actor
    await world.store.prisma.user.create({ data: { id, email, role, name: "Ann" } })
    const ctx = { ...world.ctx, actor }
    const place = { cluster: CLUSTER, group: groups.greatest }
    const made = await previewReset(ctx, {
      ...place,
      strategy: { kind: "earliest" },
      scope: null,
      create: false,
    })
    const plan = await getPlan(ctx, { ...place, ...made, show: "all", page: 1, pageSize: 50 })
    expect(planView.parse(plan).lines.map((line) => line.to)).toEqual([0, 0])
  })
})
