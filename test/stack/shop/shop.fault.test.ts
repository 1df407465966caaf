import type { Admin } from "kafkajs"
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest"
import { type KafkaCluster, startKafka } from "#scripts/stack/kafka/kafka.ts"
import { startShop } from "#scripts/stack/shop/shop.ts"
import { connectKafka, kafkaClient } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"

let kafka: KafkaCluster
let shop: AsyncDisposable
let admin: Admin

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 })
  admin = kafkaClient(kafka.bootstrap).admin()
  await admin.connect()
  shop = await startShop({
    bootstrap: kafka.bootstrap,
    auditRetentionMs: 20_000,
    stopAfterMs: 8000,
    poisonAfterMs: 4000,
    analyticsCycleMs: 20_000,
  })
})
afterAll(async () => {
  await shop[Symbol.asyncDispose]()
  await admin.disconnect()
  await kafka[Symbol.asyncDispose]()
})

const eventually = { timeout: 240_000, interval: 1000 }

interface Position {
  partition: number
  committed: number | null
  start: number
  end: number
}

/** Where a group stands, by the brokers. A client does: a tool of Kafka's would start a JVM at each look. */
async function positions(group: string, topic: string): Promise<Position[]> {
  const [bounds, commits] = await Promise.all([
    admin.fetchTopicOffsets(topic),
    admin.fetchOffsets({ groupId: group, topics: [topic] }),
  ])
  const committed = new Map(commits[0]?.partitions.map((one) => [one.partition, Number(one.offset)]))
  return bounds.map(({ partition, low, high }) => {
    const at = committed.get(partition) ?? -1
    return { partition, committed: at < 0 ? null : at, start: Number(low), end: Number(high) }
  })
}

const lagOf = (all: Position[]) => all.reduce((sum, one) => sum + one.end - (one.committed ?? one.end), 0)
const endOf = (all: Position[]) => all.reduce((sum, one) => sum + one.end, 0)

describe("the shop", () => {
  test("has a group that keeps up", async () => {
    await vi.waitFor(async () => {
      const payment = await positions("payment", "orders")
      expect(endOf(payment)).toBeGreaterThan(50)
      expect(lagOf(payment)).toBeLessThan(30)
    }, eventually)
  })

  test("has one that stalls on one partition and goes on with the others", async () => {
    await vi.waitFor(async () => {
      const shipping = await positions("shipping", "payments")
      expect(shipping.filter((one) => one.end - (one.committed ?? 0) > 10)).toHaveLength(1)
    }, eventually)
  })

  test("has one that stopped, and one whose unread messages are deleted", async () => {
    await vi.waitFor(async () => {
      expect(lagOf(await positions("billing", "payments"))).toBeGreaterThan(20)
      const archiver = await positions("audit-archiver", "audit.events")
      expect(archiver.some((one) => one.committed !== null && one.start > one.committed)).toBe(true)
    }, eventually)
    expect((await admin.describeGroups(["billing"])).groups[0]?.state).toBe("Empty")
  })

  test("has one of the new protocol", async () => {
    const list = await kafka.tools.run("consumer-groups", ["--list", "--type", "consumer"])
    expect(list).toMatch(/^notification\s+Consumer/m)
    expect(list).not.toContain("payment")
  })

  test("puts unreadable orders aside with Spring's headers", async () => {
    const consumer = kafkaClient(kafka.bootstrap).consumer({ groupId: "look" })
    await consumer.connect()
    await consumer.subscribe({ topic: "orders.payment.DLT", fromBeginning: true })
    const headers = await new Promise<Record<string, unknown>>((resolve) => {
      void consumer.run({ eachMessage: async ({ message }) => resolve(message.headers ?? {}) })
    })
    await consumer.disconnect()
    expect(String(headers["kafka_dlt-exception-message"])).toMatch(/For input string: "\d+,\d\d"/)
    expect(headers["kafka_dlt-original-partition"]).toHaveLength(4)
    expect(headers["kafka_dlt-original-offset"]).toHaveLength(8)
    expect(String(headers.traceparent)).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/)
  })

  test("goes on after each of its brokers was killed", async () => {
    await using broker = connectKafka(kafka.bootstrap)
    for (const node of kafka.nodes) {
      await node.kill()
      await until("the cluster knows that it is gone", async () => {
        const { nodes } = await broker.describe({ nodes: true }, AbortSignal.timeout(60_000))
        return nodes.some((one) => one.id === node.id && !one.online)
      })
      await node.start()
    }
    // A coordinator has just moved, and kafkajs does not look for the next one by itself.
    const before = await vi.waitFor(async () => endOf(await positions("payment", "orders")), eventually)
    const reads = [
      ["payment", "orders"],
      ["ledger", "payments"],
      ["notification", "notifications.email"],
    ] as const
    await vi.waitFor(async () => {
      expect(endOf(await positions("payment", "orders"))).toBeGreaterThan(before + 50)
      for (const [group, topic] of reads) expect(lagOf(await positions(group, topic)), group).toBeLessThan(60)
    }, eventually)
  })
})
