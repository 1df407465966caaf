import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { statusHistory, statusHistoryInput } from "#server/lag/queries/index.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER, lagWorld } from "./world.ts"

const MINUTE = 60_000

it("the statuses of groups are kept as they change, with a gap where nothing was sampled", {
  timeout: 120_000,
}, async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await using world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
  const kafka = kafkaClient()
  const [topic, reads, stops] = [unique("statuses"), unique("reads"), unique("stops")]
  await createTopic(kafka, topic, { partitions: 2 })
  const begin = Math.floor(Date.now() / MINUTE) * MINUTE - 40 * MINUTE
  const seen = new Map<string, { at: number; status: string }[]>([reads, stops].map((group) => [group, []]))
  const sweep = async (minute: number) => {
    await world.sweep(begin + minute * MINUTE)
    for (const [group, list] of seen)
      list.push({ at: begin + minute * MINUTE, status: (await world.group(group)).verdict.status })
  }
  for (let minute = 0; minute <= 30; minute++) {
    // Nobody samples for a while.
    if (minute > 12 && minute < 18) continue
    const messages = [0, 1].map((partition) => ({ partition, value: `${minute}` }))
    await produce(kafka, topic, messages)
    const offsets = { 0: minute + 1, 1: minute + 1 }
    if (minute > 12) offsets[0] = offsets[1] = minute - 4
    await commit(kafka, reads, { topic, offsets })
    if (minute < 4) await commit(kafka, stops, { topic, offsets: { 0: minute + 1, 1: minute + 1 } })
    await sweep(minute)
  }
  for (const [group, list] of seen) {
    const input = { cluster: CLUSTER, group, from: begin - MINUTE, to: begin + 35 * MINUTE }
    const history = await statusHistory(world.ctx, statusHistoryInput.parse(input))
    const changes = list.filter(({ status }, i) => status !== list[i - 1]?.status)
    expect(history.changes.toReversed()).toEqual(changes)
    expect(history.bands.some((band) => band.status === null && band.to - band.from >= 3 * MINUTE)).toBe(true)
    expect(history.bands.at(-1)?.status).toBe(list.at(-1)?.status)
    const late = await statusHistory(
      world.ctx,
      statusHistoryInput.parse({ ...input, from: begin + 25 * MINUTE }),
    )
    expect(late.bands[0]?.status).toBe(list.findLast(({ at }) => at <= begin + 25 * MINUTE)?.status)
  }
  const stopped = seen.get(stops) ?? []
  expect(new Set(stopped.map(({ status }) => status)).size).toBeGreaterThan(1)
})
