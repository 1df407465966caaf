import type { EachBatchPayload, Producer } from "kafkajs"
import { decode, kafkaJs, subscribeBatches } from "../consume.ts"
import type { Payment } from "../model.ts"
import { headersOf } from "../publisher.ts"
import type { Service, ShopContext } from "../shop-context.ts"

/** One transaction in so many is given up and done again: real ones are, too. */
const ABORTED = 40

/**
 * Books every payment twice (debit and credit) in `payments.ledger`, exactly once: entries and position go in one
 * transaction.
 */
export async function startLedger(shop: ShopContext): Promise<Service> {
  let producer = await connect(shop)
  // A producer whose transaction could not even be aborted is of no use any more: the next one shuts it out.
  const bookOrReplace = (payload: EachBatchPayload) =>
    book(producer, payload).catch(async (error: unknown) => {
      await producer.disconnect().catch(() => undefined)
      producer = await connect(shop)
      throw error
    })
  // One transactional producer has one transaction at a time, whereas partitions are read side by side.
  let last: Promise<void> = Promise.resolve()
  const reader = await subscribeBatches(shop, {
    group: "ledger",
    topics: ["payments"],
    handleBatch: (payload) => {
      last = last.catch(() => undefined).then(() => bookOrReplace(payload))
      return last
    },
  })
  return {
    [Symbol.asyncDispose]: async () => {
      await reader[Symbol.asyncDispose]()
      await producer.disconnect()
    },
  }
}

async function connect(shop: ShopContext): Promise<Producer> {
  const producer = kafkaJs(shop, "ledger").producer({
    transactionalId: "ledger-1",
    idempotent: true,
    maxInFlightRequests: 1,
  })
  await producer.connect()
  return producer
}

async function book(producer: Producer, { batch, resolveOffset, isStale }: EachBatchPayload): Promise<void> {
  const last = batch.messages.at(-1)
  if (!last || isStale()) return
  const transaction = await producer.transaction()
  try {
    const messages = batch.messages.flatMap((message) => {
      const payment = decode<Payment>(message)
      return payment ? entries(payment, message.headers?.traceparent?.toString()) : []
    })
    await transaction.send({ topic: "payments.ledger", messages })
    if (Math.random() < 1 / ABORTED) throw new Error("the ledger gave this transaction up")
    const offset = (BigInt(last.offset) + 1n).toString()
    const topics = [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }]
    await transaction.sendOffsets({ consumerGroupId: "ledger", topics })
    await transaction.commit()
  } catch (error) {
    await transaction.abort()
    if (!(error instanceof Error && error.message.includes("gave this transaction up"))) throw error
    return
  }
  resolveOffset(last.offset)
}

function entries(payment: Payment, trace: string | undefined) {
  const { paymentId, cents, currency } = payment
  return (["debit", "credit"] as const).map((side) => ({
    key: paymentId,
    value: JSON.stringify({ paymentId, side, cents, currency }),
    headers: headersOf("ledger", { topic: "payments.ledger", key: paymentId, value: payment, trace }),
  }))
}
