import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { openBroker } from "#server/clusters/index.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { startKafka } from "#test/stack/kafka/kafka.ts"
import { startPostgres } from "#test/stack/postgres.ts"
import { CLUSTER, type LagWorld, lagWorld } from "./world.ts"

const INTERVAL = 1000

/** Stored end offsets of partition 0 of a topic, in time order. */
async function storedEnds(world: LagWorld, topic: string): Promise<(number | null)[]> {
  const { rows } = await world.store.pool.query<{ end: string | null }>(
    `select l.ends[1] as end from series.log_offsets l join destination d on d.id = l.destination_id
     where d.name = $1 order by l.at`,
    [topic],
  )
  return rows.map((row) => (row.end === null ? null : Number(row.end)))
}

describe("what happens to brokers keeps history right", () => {
  it("a killed broker, moved leaders and its return leave no wrong number; expired offsets leave no lag", async () => {
    await using postgres = await startPostgres()
    const config = { "offsets.retention.minutes": "1", "offsets.retention.check.interval.ms": "1000" }
    await using cluster = await startKafka({ brokers: 3, config })
    await using world = await lagWorld({ databaseUrl: postgres.url, bootstrap: cluster.bootstrap })
    const kafka = kafkaClient(cluster.bootstrap)
    const topic = unique("orders")
    const [group, forgotten] = [unique("billing"), unique("forgotten")]
    await createTopic(kafka, topic, { partitions: 1, replicas: 3 })
    const message = { partition: 0, value: "order" }
    await produce(kafka, topic, [message, message, message, message, message])
    await commit(kafka, forgotten, { topic, offsets: { 0: 1 } })
    await commit(kafka, group, { topic, offsets: { 0: 2 } })
    const sweeping = world.keepSweeping(INTERVAL)
    await sleep(4 * INTERVAL)
    expect(await world.group(group)).toMatchObject({ lag: 3, lost: 0 })
    expect(await world.group(forgotten)).toMatchObject({ lag: 4 })

    const leader = await leaderOf(world, topic)
    const node = cluster.nodes.find((one) => one.id === leader)
    await node?.kill()
    const lags = new Set<number | null>()
    const watched = watch(world, group, lags)
    for (let i = 0; (await leaderOf(world, topic).catch(() => leader)) === leader; i++) {
      if (i > 60) throw new Error("no other leader was chosen")
      await sleep(500)
    }
    await sleep(3 * INTERVAL)
    await node?.start()
    await sleep(3 * INTERVAL)
    await watched.stop()
    // Unknown for a while is the truth; anything but 3 is not.
    expect([...lags].filter((lag) => lag !== null)).toEqual([3])
    await until(async () => (await world.group(group)).lag === 3)

    await produce(kafka, topic, [message, message])
    await commit(kafka, group, { topic, offsets: { 0: 3 } })
    await until(async () => (await world.group(group)).lag === 4)
    const ends = (await storedEnds(world, topic)).filter((end) => end !== null)
    expect(ends).toEqual([...ends].sort((a, b) => a - b))
    expect(ends.at(0)).toBe(5)
    expect(ends.at(-1)).toBe(7)

    await until(async () => ((await world.group(forgotten).catch(() => null))?.lag ?? null) === null)
    await sweeping.stop()
  })
})

async function leaderOf(world: LagWorld, topic: string): Promise<number | null> {
  const broker = await openBroker(world.ctx, CLUSTER)
  const described = await broker.describe({ destinations: [topic] }, AbortSignal.timeout(5000))
  return described.destinations[0]?.partitions[0]?.leader ?? null
}

/** Collects the lags that the page shows. */
function watch(world: LagWorld, group: string, lags: Set<number | null>): { stop(): Promise<void> } {
  let going = true
  const loop = async () => {
    while (going) {
      lags.add((await world.group(group)).lag)
      await sleep(INTERVAL / 2)
    }
  }
  const ended = loop()
  ended.catch(() => undefined)
  return {
    stop: () => {
      going = false
      return ended
    },
  }
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 120_000
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("it never came to be")
    await sleep(INTERVAL / 2)
  }
}
