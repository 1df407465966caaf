import { Producer, stringSerializers } from "@platformatic/kafka"
import { CompressionTypes, type Producer as KafkaJsProducer } from "kafkajs"
import { kafkaJs } from "./consume.ts"
import type { ShopContext } from "./shop-context.ts"
import { newTrace, type Traceparent } from "./traceparent.ts"

export interface Outgoing {
  topic: string
  key: string
  value: object
  trace?: Traceparent
  type?: string
}

/** Sends what it is given in batches, a few times a second. What the brokers do not take is tried again. */
export interface Publisher extends AsyncDisposable {
  publish(message: Outgoing): void
}

const FLUSH_MS = 250
const MAX_WAITING = 20_000

/** Through kafkajs: plain or gzip. */
export async function gzipPublisher(shop: ShopContext, service: string): Promise<Publisher> {
  const producer = kafkaJs(shop, service).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const send = (batch: Outgoing[]) => sendByKafkaJs(producer, service, batch)
  return batching(shop, { service, send, close: () => producer.disconnect() })
}

async function sendByKafkaJs(producer: KafkaJsProducer, service: string, batch: Outgoing[]): Promise<void> {
  const topicMessages = [...Map.groupBy(batch, (message) => message.topic)].map(([topic, messages]) => ({
    topic,
    messages: messages.map((message) => ({
      key: message.key,
      value: JSON.stringify(message.value),
      headers: headersOf(service, message),
    })),
  }))
  await producer.sendBatch({ topicMessages, compression: CompressionTypes.GZIP })
}

/** Through @platformatic/kafka, which knows the codecs that kafkajs lacks. */
export function compressedPublisher(
  shop: ShopContext,
  service: string,
  compression: "zstd" | "lz4" | "snappy",
): Publisher {
  const producer = new Producer({
    clientId: service,
    bootstrapBrokers: shop.bootstrap,
    serializers: stringSerializers,
    compression,
    retries: 5,
    retryDelay: 500,
  })
  const send = async (batch: Outgoing[]) => {
    const messages = batch.map((message) => ({
      topic: message.topic,
      key: message.key,
      value: JSON.stringify(message.value),
      headers: headersOf(service, message),
    }))
    await producer.send({ messages })
  }
  return batching(shop, { service, send, close: () => producer.close() })
}

/** The headers that every message of the shop carries. */
export function headersOf(service: string, message: Outgoing): Record<string, string> {
  return {
    traceparent: message.trace ?? newTrace(),
    "content-type": "application/json",
    "x-service": service,
    ...(message.type ? { "x-type": message.type } : {}),
  }
}

interface Batching {
  service: string
  send: (batch: Outgoing[]) => Promise<unknown>
  close: () => Promise<unknown>
}

function batching(shop: ShopContext, { service, send, close }: Batching): Publisher {
  let waiting: Outgoing[] = []
  let sending: Promise<void> | null = null
  const flush = async () => {
    const batch = waiting
    waiting = []
    try {
      await send(batch)
    } catch (error) {
      shop.log(`${service}: could not send ${batch.length} messages, will try again: ${error}`)
      waiting = [...batch, ...waiting].slice(-MAX_WAITING)
    }
  }
  const timer = setInterval(() => {
    if (sending || waiting.length === 0) return
    sending = flush().finally(() => {
      sending = null
    })
  }, FLUSH_MS)
  return {
    publish: (message) => {
      waiting.push(message)
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await sending
      await close()
    },
  }
}
