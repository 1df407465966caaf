import type { Context, Tracer } from "@opentelemetry/api"
import type { EachBatchPayload, KafkaMessage } from "kafkajs"
import { decode, type Member, subscribeBatches } from "../consume.ts"
import { processing } from "../kafka-spans.ts"
import type { Parcel, Payment } from "../model.ts"
import { compressedPublisher, gzipPublisher } from "../publisher.ts"
import { newId, pick } from "../random.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { inSpan } from "../spans.ts"
import { noTracer } from "../telemetry.ts"

const RETRY_MS = 10_000
const INSTANCES = 2

/**
 * Sends a parcel for every payment. An order without an address stops it: it tries that message again and again,
 * commits its position all the while, and all that stands behind it in the partition waits. It stalls.
 */
export async function startShipping(shop: ShopContext): Promise<Service> {
  const [service, version] = ["shipping", "2.2.0"]
  const tracers = Array.from({ length: INSTANCES }, (_, index) =>
    shop.telemetry.tracer({ service, version, instance: index + 1 }),
  )
  const [tracer] = tracers
  const parcels = await gzipPublisher(shop, { service, ...(tracer && { tracer }) })
  const emails = compressedPublisher(shop, { service, ...(tracer && { tracer }) }, "zstd")
  const ship = (message: KafkaMessage, at: Context) => {
    const payment = decode<Payment>(message)
    if (!payment) return
    const { address, orderId, customerId } = payment
    if (!address) throw new AddressMissing(`The payment of order ${orderId} has no address.`)
    const value: Parcel = { parcelId: newId("par"), orderId, carrier: pick(["post", "courier"]), address }
    parcels.publish({ topic: "parcels", key: orderId, value, at, type: "ParcelSent" })
    const email = { to: `${customerId}@example.com`, template: "parcel-sent", orderId }
    emails.publish({ topic: "notifications.email", key: customerId, value: email, at })
  }
  const reader = await subscribeBatches(shop, {
    group: "shipping",
    topics: ["payments"],
    instances: INSTANCES,
    handleBatch: (payload, member) =>
      shipBatch(payload, { ...member, ship, tracer: tracers[member.instance - 1] ?? noTracer }),
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]()
      await parcels[Symbol.asyncDispose]()
      await emails[Symbol.asyncDispose]()
    },
  }
}

class AddressMissing extends Error {
  override readonly name = "AddressMissing"
}

interface Shipper extends Member {
  tracer: Tracer
  ship: (message: KafkaMessage, at: Context) => void
}

async function shipBatch(
  payload: EachBatchPayload,
  { consumer, instance, tracer, ship }: Shipper,
): Promise<void> {
  const { batch, resolveOffset, heartbeat, isRunning, isStale, commitOffsetsIfNecessary, pause } = payload
  const { topic, partition } = batch
  const of = { group: "shipping", client: `shipping-${instance}`, topic, partition }
  for (const message of batch.messages) {
    if (!isRunning() || isStale()) return
    const span = processing({ ...of, offset: message.offset, headers: message.headers ?? {} })
    try {
      await inSpan(tracer, span, (at) => ship(message, at))
    } catch (error) {
      if (!(error instanceof AddressMissing)) throw error
      await consumer.commitOffsets([{ topic, partition, offset: message.offset }])
      setTimeout(pause(), RETRY_MS)
      return
    }
    resolveOffset(message.offset)
    await heartbeat()
  }
  await commitOffsetsIfNecessary()
}
