import { startKafka } from "#scripts/stack/kafka/kafka.ts"
import { kafkaJs } from "#scripts/stack/shop/consume.ts"
import type { Order } from "#scripts/stack/shop/model.ts"
import { startPayment } from "#scripts/stack/shop/services/payment.ts"
import type { ShopContext } from "#scripts/stack/shop/shop-context.ts"
import { startTelemetry } from "#scripts/stack/shop/telemetry.ts"
import { createShopTopics } from "#scripts/stack/shop/topics.ts"
import { produce } from "#test/brokers/kafka-world.ts"
import { until } from "#test/until.ts"

export interface FailingPayment extends AsyncDisposable {
  bootstrap: string[]
  /** Orders that the payment service has captured so far. */
  captured(): Set<string>
}

/** A broker of its own on which only the demo's payment service works, and orders that it can and cannot read. */
export async function failingPayment(amounts: readonly string[]): Promise<FailingPayment> {
  await using started = new AsyncDisposableStack()
  const kafka = started.use(await startKafka())
  await createShopTopics(kafka.bootstrap, { auditRetentionMs: 180_000 })
  const ending = new AbortController()
  started.defer(() => ending.abort())
  const shop: ShopContext = {
    bootstrap: kafka.bootstrap,
    rate: 1,
    wavePeriodMs: 600_000,
    stopAfterMs: 20_000,
    analyticsCycleMs: 120_000,
    poisonAfterMs: 15_000,
    wholesaleAfterMs: 600_000,
    wholesaleCycleMs: 600_000,
    openedAt: Date.now(),
    telemetry: started.use(startTelemetry()),
    addresses: { orders: [], inventory: [], payment: [] },
    signal: ending.signal,
    log: () => undefined,
  }
  started.use(await startPayment(shop))
  // A member that joins while messages are handled has them handled twice.
  const admin = kafkaJs(shop, "story").admin()
  await admin.connect()
  await until("the instances of payment share its partitions", async () => {
    const [group] = (await admin.describeGroups(["payment"])).groups
    return group?.state === "Stable" && group.members.length === 2
  })
  await admin.disconnect()
  const captured = new Set<string>()
  const client = kafkaJs(shop, "story")
  const consumer = client.consumer({ groupId: "story", maxWaitTimeInMs: 200 })
  await consumer.connect()
  started.defer(() => consumer.disconnect())
  await consumer.subscribe({ topic: "payments", fromBeginning: true })
  await consumer.run({
    eachMessage: async ({ message }) => void captured.add(JSON.parse(String(message.value)).orderId),
  })
  await produce(client, "orders", amounts.map(toMessage))
  const readable = amounts.filter((amount) => !amount.includes(",")).length
  await until("the orders that it can read are captured", () => captured.size === readable)
  const owned = started.move()
  return {
    bootstrap: kafka.bootstrap,
    captured: () => captured,
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  }
}

function toMessage(amount: string, at: number): { key: string; value: string } {
  const order: Order = {
    orderId: `o-${at}`,
    customerId: `c-${at}`,
    amount,
    currency: "EUR",
    items: [{ sku: "sku-1", quantity: 1 }],
    address: { street: "Hauptstr. 1", city: "Berlin", country: "DE" },
    placedAt: new Date().toISOString(),
  }
  return { key: order.customerId, value: JSON.stringify(order) }
}
