import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { openBroker } from "#server/clusters/index.ts"
import { every } from "#server/every.ts"
import type { GroupDetail } from "#server/lag/views.ts"
import { commit, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { seenUntil, until } from "#test/until.ts"
import { CLUSTER, type LagWorld, lagWorld } from "./world.ts"

const INTERVAL = 1000
const COMMIT_EVERY_MS = 5000
const WRITTEN = 5
/** What each group has committed, by topic and partition. */
const BILLING = [2, 5, 0, 4]
const SHIPPING = { orders: [5, 3], payments: [1, 2, 3] }
const LAG = { billing: 9, shipping: 2 + 9, forgotten: 4 + 3 }

/** Stored end offsets of the partitions of a topic, each in time order, as far as they are known. */
async function storedEnds(world: LagWorld, topic: string): Promise<number[][]> {
  const { rows } = await world.store.pool.query<{ ends: (string | null)[] }>(
    `select l.ends from series.log_offsets l join destination d on d.id = l.destination_id
     where d.name = $1 order by l.at`,
    [topic],
  )
  return Array.from({ length: rows[0]?.ends.length ?? 0 }, (_, partition) =>
    rows.flatMap(({ ends }) => (ends[partition] === null ? [] : [Number(ends[partition])])),
  )
}

describe("what happens to brokers keeps history right", () => {
  it("a killed broker, moved leaders and its return leave no wrong number; expired offsets leave no lag", async () => {
    await using postgres = await startPostgres()
    const config = { "offsets.retention.minutes": "1", "offsets.retention.check.interval.ms": "1000" }
    await using cluster = await startKafka({ brokers: 3, config })
    await using world = await lagWorld({ databaseUrl: postgres.url, bootstrap: cluster.bootstrap })
    const kafka = kafkaClient(cluster.bootstrap)
    const [orders, payments] = [unique("orders"), unique("payments")]
    const [billing, shipping, forgotten] = [unique("billing"), unique("shipping"), unique("forgotten")]
    await createTopic(kafka, orders, { partitions: BILLING.length, replicas: 3 })
    // One copy of each partition: what is on a killed broker stays unknown until it is back.
    await createTopic(kafka, payments, { partitions: SHIPPING.payments.length, replicas: 1 })
    await write(cluster.bootstrap, orders, BILLING.length)
    await write(cluster.bootstrap, payments, SHIPPING.payments.length)
    await commit(kafka, forgotten, { topic: orders, offsets: { 0: 1, 3: 2 } })
    await commit(kafka, billing, { topic: orders, offsets: { ...BILLING } })
    await commit(kafka, shipping, { topic: orders, offsets: { ...SHIPPING.orders } })
    await commit(kafka, shipping, { topic: payments, offsets: { ...SHIPPING.payments } })
    // Whoever reads commits now and then, also where nothing is new; what nobody commits expires within a minute.
    const committing = keepCommitting(async () => {
      await commit(kafka, billing, { topic: orders, offsets: { ...BILLING } })
      await commit(kafka, shipping, { topic: orders, offsets: { ...SHIPPING.orders } })
      await commit(kafka, shipping, { topic: payments, offsets: { ...SHIPPING.payments } })
    })
    const sweeping = world.keepSweeping(INTERVAL)
    await untilWhole(world, billing, LAG.billing)
    await untilWhole(world, shipping, LAG.shipping)
    await untilWhole(world, forgotten, LAG.forgotten)
    expect(await world.group(forgotten)).toMatchObject({ parts: { partitions: 2 } })

    const [killed] = await seenUntil(
      () => leadersOf(world, payments).catch(() => []),
      (leaders) => typeof leaders[0] === "number",
    )
    const node = cluster.nodes.find((one) => one.id === killed)
    await node?.kill()
    const watched = watch(world, [billing, shipping])
    await until("the partition without another copy is unknown, the others are known", async () => {
      const { byDestination } = await world.group(shipping)
      const [onPayments] = byDestination.filter((one) => one.destination === payments)
      return onPayments?.parts.unknown === 1 && onPayments.parts.partitions === 3
    })
    await until("every partition of orders has another leader", async () => {
      const leaders = await leadersOf(world, orders).catch(() => [null])
      return leaders.every((leader) => leader !== null && leader !== killed)
    })
    await untilWhole(world, billing, LAG.billing)
    // What the leader of payments/0 holds back is not in the sum, and the sum says that it is not.
    await until("shipping is known but for one partition", async () => {
      const { lag, parts } = await world.group(shipping)
      return parts.unknown === 1 && lag === LAG.shipping - (WRITTEN - 1)
    })
    await node?.start()
    await untilWhole(world, shipping, LAG.shipping)
    await untilWhole(world, billing, LAG.billing)
    const seen = await watched.stop()
    for (const [group, whole] of [
      [billing, LAG.billing],
      [shipping, LAG.shipping],
    ] as const) {
      const lags = seen.filter((one) => one.name === group)
      // Unknown for a while is the truth, a part of it that says so too; anything else is not.
      expect(new Set(lags.filter((one) => one.parts.unknown === 0).map((one) => one.lag))).toEqual(
        new Set([whole]),
      )
      expect(Math.max(...lags.map((one) => one.lag ?? 0))).toBe(whole)
      expect(lags.filter((one) => one.lag === 0)).toEqual([])
      expect(new Set(lags.map((one) => one.lost ?? 0))).toEqual(new Set([0]))
    }

    await committing.stop()
    await write(cluster.bootstrap, orders, 2)
    await commit(kafka, billing, { topic: orders, offsets: { ...BILLING, 0: 3 } })
    await untilWhole(world, billing, LAG.billing + 2 * WRITTEN - 1)
    const ends = await storedEnds(world, orders)
    expect(ends.map((one) => one.toSorted((a, b) => a - b))).toEqual(ends)
    expect(ends.map((one) => one.at(-1))).toEqual([2 * WRITTEN, 2 * WRITTEN, WRITTEN, WRITTEN])

    await until("what was forgotten has no lag", async () => {
      const now = await world.group(forgotten).catch(() => null)
      return (now?.lag ?? null) === null
    })
    await sweeping.stop()
  })
})

/** Commits every few seconds until stopped. */
function keepCommitting(work: () => Promise<void>): { stop(): Promise<void> } {
  const stop = new AbortController()
  // While a coordinator is away the next commit is soon enough.
  const ended = every(COMMIT_EVERY_MS, () => work().catch(() => undefined), stop.signal)
  return {
    stop: () => {
      stop.abort()
      return ended
    },
  }
}

/** WRITTEN messages to each of the first partitions of a topic. */
async function write(bootstrap: readonly string[], topic: string, partitions: number): Promise<void> {
  const messages = Array.from({ length: partitions * WRITTEN }, (_, i) => ({
    partition: i % partitions,
    value: `${topic} ${i}`,
  }))
  await produce(kafkaClient(bootstrap), topic, messages)
}

async function untilWhole(world: LagWorld, group: string, lag: number): Promise<void> {
  await until(`all of the lag of ${group} is known: ${lag}`, async () => {
    const now = await world.group(group).catch(() => null)
    return now?.lag === lag && now.parts.unknown === 0
  })
}

/** Node ids of the leaders, by partition. */
async function leadersOf(world: LagWorld, topic: string): Promise<(number | null)[]> {
  const broker = await openBroker(world.ctx, CLUSTER)
  const described = await broker.describe({ destinations: [topic] }, AbortSignal.timeout(60_000))
  return described.destinations[0]?.partitions.map((one) => one.leader) ?? []
}

/** Collects what the pages of groups show, until stopped. */
function watch(world: LagWorld, groups: readonly string[]): { stop(): Promise<GroupDetail[]> } {
  const seen: GroupDetail[] = []
  let going = true
  const loop = async () => {
    while (going) {
      // Nothing is asked of a page that fails: another test checks that.
      for (const group of groups) {
        const now = await world.group(group).catch(() => null)
        if (now) seen.push(now)
      }
      await sleep(INTERVAL / 2)
    }
  }
  const ended = loop()
  ended.catch(() => undefined)
  return {
    stop: async () => {
      going = false
      await ended
      return seen
    },
  }
}
