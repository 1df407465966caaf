import type { Context, Tracer } from "@opentelemetry/api"
import type { EachBatchPayload, Producer } from "kafkajs"
import { decode, kafkaJs, subscribeBatches } from "../consume.ts"
import { processingBatch, sending } from "../kafka-spans.ts"
import type { Payment } from "../model.ts"
import { headersOf } from "../publisher.ts"
import type { Service, ShopContext } from "../shop-context.ts"
import { fail, headersIn, inSpan } from "../spans.ts"

/** One transaction in so many is given up and done again: real ones are, too. */
const ABORTED = 40

/**
 * Books every payment twice (debit and credit) in `payments.ledger`, exactly once: entries and position go in one
 * transaction, a batch at a time. Its spans have links to those that sent the payments.
 */
export async function startLedger(shop: ShopContext): Promise<Service> {
  const tracer = shop.telemetry.tracer({ service: "ledger", version: "1.4.3" })
  let producer = await connect(shop)
  // A producer whose transaction could not even be aborted is of no use any more: the next one shuts it out.
  const bookOrReplace = (payload: EachBatchPayload) =>
    book({ producer, tracer }, payload).catch(async (error: unknown) => {
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

interface Books {
  producer: Producer
  tracer: Tracer
}

async function book(books: Books, payload: EachBatchPayload): Promise<void> {
  const { batch, resolveOffset, isStale } = payload
  const last = batch.messages.at(-1)
  if (!last || isStale()) return
  const { topic, partition } = batch
  const of = processingBatch({ group: "ledger", client: "ledger-1", topic, partition }, batch.messages)
  if (await inSpan(books.tracer, of, (at) => bookWithin(books, { payload, last: last.offset, at })))
    resolveOffset(last.offset)
}

/** False: the transaction was given up, and the batch will be read again. */
async function bookWithin(
  { producer, tracer }: Books,
  { payload: { batch }, last, at }: { payload: EachBatchPayload; last: string; at: Context },
): Promise<boolean> {
  const transaction = await producer.transaction()
  try {
    const payments = batch.messages.flatMap((message) => decode<Payment>(message) ?? [])
    const of = sending({ topic: "payments.ledger", client: "ledger-1", key: "" })
    await inSpan(tracer, { ...of, parent: at }, async (within) => {
      const messages = payments.flatMap((payment) => entries(payment, within))
      await transaction.send({ topic: "payments.ledger", messages })
    })
    if (Math.random() < 1 / ABORTED) throw new Error("the ledger gave this transaction up")
    const offset = (BigInt(last) + 1n).toString()
    const topics = [{ topic: batch.topic, partitions: [{ partition: batch.partition, offset }] }]
    await transaction.sendOffsets({ consumerGroupId: "ledger", topics })
    await transaction.commit()
  } catch (error) {
    await transaction.abort()
    if (!(error instanceof Error && error.message.includes("gave this transaction up"))) throw error
    fail(at, error)
    return false
  }
  return true
}

function entries(payment: Payment, at: Context) {
  const { paymentId, cents, currency } = payment
  return (["debit", "credit"] as const).map((side) => ({
    key: paymentId,
    value: JSON.stringify({ paymentId, side, cents, currency }),
    headers: { ...headersIn(at), ...headersOf({ service: "ledger" }) },
  }))
}
