import type { Consumer, EachBatchPayload, KafkaMessage } from "kafkajs"
import { decode, subscribeBatches } from "../consume.ts"
import type { Parcel, Payment } from "../model.ts"
import { compressedPublisher, gzipPublisher } from "../publisher.ts"
import { newId, pick } from "../random.ts"
import type { Service, ShopContext } from "../shop-context.ts"

const RETRY_MS = 2000

/**
 * Sends a parcel for every payment. An order without an address stops it: it tries that message again and again,
 * commits its position all the while, and all that stands behind it in the partition waits. It stalls.
 */
export async function startShipping(shop: ShopContext): Promise<Service> {
  const parcels = await gzipPublisher(shop, "shipping")
  const emails = compressedPublisher(shop, "shipping", "zstd")
  const ship = (message: KafkaMessage) => {
    const payment = decode<Payment>(message)
    if (!payment) return true
    const { address, orderId, customerId } = payment
    if (!address) return false
    const trace = message.headers?.traceparent?.toString()
    const value: Parcel = { parcelId: newId("par"), orderId, carrier: pick(["post", "courier"]), address }
    parcels.publish({ topic: "parcels", key: orderId, value, trace, type: "ParcelSent" })
    const email = { to: `${customerId}@example.com`, template: "parcel-sent", orderId }
    emails.publish({ topic: "notifications.email", key: customerId, value: email, trace })
    return true
  }
  const reader = await subscribeBatches(shop, {
    group: "shipping",
    topics: ["payments"],
    instances: 2,
    handleBatch: (payload, consumer) => shipBatch(payload, consumer, ship),
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]()
      await parcels[Symbol.asyncDispose]()
      await emails[Symbol.asyncDispose]()
    },
  }
}

async function shipBatch(
  payload: EachBatchPayload,
  consumer: Consumer,
  ship: (message: KafkaMessage) => boolean,
): Promise<void> {
  const { batch, resolveOffset, heartbeat, isRunning, isStale, commitOffsetsIfNecessary, pause } = payload
  for (const message of batch.messages) {
    if (!isRunning() || isStale()) return
    if (!ship(message)) {
      const { topic, partition } = batch
      await consumer.commitOffsets([{ topic, partition, offset: message.offset }])
      setTimeout(pause(), RETRY_MS)
      return
    }
    resolveOffset(message.offset)
    await heartbeat()
  }
  await commitOffsetsIfNecessary()
}
