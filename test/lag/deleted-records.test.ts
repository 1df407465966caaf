import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { lagHistory } from "#server/lag/queries/history.ts"
import { commit, connectKafka, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER, lagWorld } from "./world.ts"

const TEN_MINUTES_MS = 600_000

it("does not date what retention has deleted by the records that came after it", async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await using world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
  const kafka = kafkaClient()
  const [topic, deleted, kept] = [unique("audit"), unique("archiver"), unique("billing")]
  await createTopic(kafka, topic, { partitions: 2 })
  const old = String(Date.now() - TEN_MINUTES_MS)
  const messages = Array.from({ length: 20 }, (_, i) => ({
    partition: i % 2,
    key: null,
    value: "v",
    timestamp: old,
  }))
  await produce(kafka, topic, messages)
  await commit(kafka, deleted, { topic, offsets: { 0: 2 } })
  await commit(kafka, kept, { topic, offsets: { 1: 2 } })
  const moments = [50_000, 40_000, 30_000, 20_000].map((before) => Date.now() - before)
  for (const moment of moments) await world.sweep(moment)
  const timeLags = async (group: string) => {
    const range = { from: (moments[0] ?? 0) - 1000, to: Date.now(), points: 100 }
    const { series } = await lagHistory(world.ctx, { cluster: CLUSTER, group, ...range })
    return (series.timeLag ?? []).filter((_, i) => series.lag?.[i] !== null)
  }
  const isOld = (ms: number | null) => ms !== null && ms > TEN_MINUTES_MS - 60_000
  for (const group of [deleted, kept]) expect((await timeLags(group)).every(isOld)).toBe(true)

  await using broker = connectKafka(inject("kafkaBootstrap"))
  const before = [{ destination: topic, partition: 0, offset: 10n }]
  expect((await broker.admin?.deleteRecords(before, AbortSignal.timeout(60_000)))?.problems).toEqual([])
  await produce(kafka, topic, [{ partition: 0, value: "just now" }])
  expect(await timeLags(deleted)).toEqual(moments.map(() => null))
  expect((await timeLags(kept)).every(isOld)).toBe(true)
})
