import { setTimeout as sleep } from "node:timers/promises"
import { expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { armPlan, previewReset } from "#server/offsets/index.ts"
import { connectKafka, createTopic, kafkaClient, produce } from "#test/brokers/kafka-world.ts"
import { seededRandom } from "#test/random.ts"
import { collectorWorld } from "#test/roles/world.ts"
import { until } from "#test/until.ts"

const ROUNDS = 8
const BEGIN = 100

it("an armed plan is applied once, whichever collector is killed at whatever moment", async () => {
  await using postgres = await startPostgres()
  await using kafka = await startKafka()
  await using world = await collectorWorld({
    databaseUrl: postgres.url,
    bootstrap: kafka.bootstrap,
    intervalMs: 5000,
  })
  const client = kafkaClient(kafka.bootstrap)
  await createTopic(client, "orders", { partitions: 1 })
  const values = Array.from({ length: BEGIN }, (_, i) => ({ partition: 0, value: `order ${i}` }))
  await produce(client, "orders", values)
  await using broker = connectKafka(kafka.bootstrap)
  const soon = () => AbortSignal.timeout(60_000)
  const at = { destination: "orders", partition: 0, offset: BigInt(BEGIN) }
  await broker.offsets?.commit({ name: "billing", type: "classic" }, [at], soon())
  const stands = async () =>
    Number((await broker.sample({ groups: ["billing"] }, soon())).groups[0]?.commits[0]?.offsets[0])

  const random = seededRandom("an armed plan and its collector")
  const key = { cluster: "shop", group: "billing" }
  let running = [world.start(), world.start()]
  for (let round = 1; round <= ROUNDS; round++) {
    const shift = { kind: "shift" as const, by: -1 }
    const { plan } = await previewReset(world.ctx, { ...key, strategy: shift, scope: null, create: false })
    await armPlan(world.ctx, { ...key, plan, forMs: 600_000 })
    await sleep(random() * 4000)
    const [first, second] = running
    first?.kill("SIGKILL")
    running = [...(second ? [second] : []), world.start()]
    const state = () =>
      world.store.prisma.offsetPlan.findUniqueOrThrow({ where: { id: plan }, select: { state: true } })
    await until(`plan ${round} is applied`, async () => (await state()).state === "applied")
    expect(await stands()).toBe(BEGIN - round)
  }
  const entries = await world.store.prisma.auditEntry.findMany({ where: { action: "offsets.apply" } })
  const begun = entries.filter((entry) => entry.result === "begun")
  expect(begun).toHaveLength(ROUNDS)
  // Whoever took it up writes the result of the same act.
  const ended = entries.filter((entry) => entry.result === "ok")
  expect(ended.map((entry) => entry.begunId)).toEqual(begun.map((entry) => entry.id))
})
