import { expect, it } from "vitest"
import { undoPlan } from "#server/offsets/index.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER } from "#test/lag/world.ts"
import { offsetsWorld } from "./world.ts"

const SECOND = 1000

it("a reset and its undo are no consumption, leave a stopped group stopped since then, and warn of nothing", {
  timeout: 120_000,
}, async () => {
  await using world = await offsetsWorld()
  const kafka = kafkaClient()
  const [topic, group] = [unique("orders"), unique("billing")]
  await createTopic(kafka, topic, { partitions: 2 })
  const messages = Array.from({ length: 20 }, (_, i) => ({ partition: i % 2, value: "v" }))
  await produce(kafka, topic, messages)
  await commit(kafka, group, { topic, offsets: { 0: 4, 1: 7 } })
  const now = Date.now()
  for (let before = 120; before > 0; before -= 10) await world.sweep(now - before * SECOND)
  const before = await world.group(group)
  expect(before.verdict.status).toBe("stopped")

  const reset = await world.preview(group, { kind: "offset", offset: 2 })
  expect((await world.apply(group, reset.id)).outcome).toBe("applied")
  await world.sweep()
  const moved = await world.group(group)
  expect(moved).toMatchObject({ lag: 16, consumeRate: 0 })
  expect(moved.verdict).toMatchObject({ status: "stopped", since: before.verdict.since })

  const { plan } = await undoPlan(world.ctx, { cluster: CLUSTER, group, plan: reset.id })
  expect((await world.get(group, plan)).warnings).toEqual([])
  expect((await world.apply(group, plan)).outcome).toBe("applied")
  await world.sweep()
  const back = await world.group(group)
  expect(back).toMatchObject({ lag: before.lag, consumeRate: 0 })
  expect(back.verdict).toMatchObject({ status: "stopped", since: before.verdict.since })
})
