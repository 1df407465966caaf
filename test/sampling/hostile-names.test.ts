import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { connectKafka, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { lagWorld } from "#test/lag/world.ts"

const NUL = `nul\0${unique("group")}`
/** Kafka allows 32,767 bytes. Random, so that compression does not make them fit into an index. */
const LONG = Array.from({ length: 1500 }, () => unique("long"))
  .join("")
  .slice(0, 20_000)
const KEPT = [
  LONG,
  `${LONG.slice(0, 2700)}ü`,
  "",
  ".",
  "..",
  "100%",
  "a/b",
  "a%2Fb",
  "日本 ?#\n<b>",
  '"; drop table "x',
]

/** Positions of groups with hostile names beside a friendly one; deleted again, since the cluster is shared. */
async function standing(topic: string, groups: readonly string[]): Promise<AsyncDisposable> {
  await using broker = connectKafka(inject("kafkaBootstrap"))
  for (const name of groups) {
    const positions = [0, 1].map((partition) => ({ destination: topic, partition, offset: 1n }))
    await broker.offsets?.commit({ name, type: "classic" }, positions, AbortSignal.timeout(120_000))
  }
  return {
    [Symbol.asyncDispose]: async () => {
      const admin = kafkaClient().admin()
      await admin.connect()
      for (const group of groups) await admin.deleteGroups([group])
      await admin.disconnect()
    },
  }
}

it("a group's name never stops the sampling of the others", { timeout: 120_000 }, async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await using world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
  const topic = unique("orders")
  await createTopic(kafkaClient(), topic, { partitions: 2 })
  await produce(
    kafkaClient(),
    topic,
    [0, 0, 0, 1, 1].map((partition) => ({ partition, value: "v" })),
  )
  const friendly = unique("friendly")
  await using _ = await standing(topic, [friendly, NUL, ...KEPT])
  const at = Date.now()
  for (let i = 0; i < 3; i++) await world.sweep(at + i * 10_000)
  for (const name of [friendly, ...KEPT]) expect(await world.group(name)).toMatchObject({ name, lag: 3 })
  const state = await world.store.prisma.clusterState.findFirstOrThrow()
  expect(state).toMatchObject({ error: null, sampledAt: new Date(at + 20_000) })
  const problems = (state.problems as { sweep: { message: string }[] }).sweep
  expect(problems.map((one) => one.message)).toContainEqual(
    `The consumer group ${JSON.stringify(NUL)} is not sampled: its name contains a NUL character or is no valid Unicode.`,
  )
  await world.restart()
  await world.sweep(at + 30_000)
  expect(await world.store.prisma.consumerGroup.count({ where: { name: { in: KEPT } } })).toBe(KEPT.length)
})
