import { type Context, ROOT_CONTEXT, type Span, type Tracer, trace } from "@opentelemetry/api"
import { Producer, stringSerializers } from "@platformatic/kafka"
import { CompressionTypes, type Producer as KafkaJsProducer } from "kafkajs"
import { kafkaJs } from "./consume.ts"
import { sending } from "./kafka-spans.ts"
import type { ShopContext } from "./shop-context.ts"
import { headersIn, startSpan } from "./spans.ts"
import { noTracer } from "./telemetry.ts"

export interface Outgoing {
  topic: string
  key: string
  value: object
  /** Of which it is a part; a trace begins without it. */
  at?: Context
  type?: string
}

/** A message that waits to be sent, and the span that ends when the brokers have it. */
interface Waiting extends Omit<Outgoing, "at"> {
  span: Span
  headers: Record<string, string>
}

/** Who sends; without a tracer it is not instrumented. */
export interface Sender {
  service: string
  tracer?: Tracer
}

/** Sends what it is given in batches, a few times a second. What the brokers do not take is tried again. */
export interface Publisher extends AsyncDisposable {
  publish(message: Outgoing): void
}

const FLUSH_MS = 250
const MAX_WAITING = 20_000

/** Through kafkajs: plain or gzip. */
export async function gzipPublisher(shop: ShopContext, sender: Sender): Promise<Publisher> {
  const producer = kafkaJs(shop, sender.service).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  const send = (batch: Waiting[]) => sendByKafkaJs(producer, batch)
  return batching(shop, { ...sender, send, close: () => producer.disconnect() })
}

async function sendByKafkaJs(producer: KafkaJsProducer, batch: Waiting[]): Promise<void> {
  const topicMessages = [...Map.groupBy(batch, (message) => message.topic)].map(([topic, messages]) => ({
    topic,
    messages: messages.map((message) => ({
      key: message.key,
      value: JSON.stringify(message.value),
      headers: message.headers,
    })),
  }))
  await producer.sendBatch({ topicMessages, compression: CompressionTypes.GZIP })
}

/** Through @platformatic/kafka, which knows the codecs that kafkajs lacks. */
export function compressedPublisher(
  shop: ShopContext,
  sender: Sender,
  compression: "zstd" | "lz4" | "snappy",
): Publisher {
  const producer = new Producer({
    clientId: sender.service,
    bootstrapBrokers: shop.bootstrap,
    serializers: stringSerializers,
    compression,
    retries: 5,
    retryDelay: 500,
  })
  const send = async (batch: Waiting[]) => {
    const messages = batch.map((message) => ({
      topic: message.topic,
      key: message.key,
      value: JSON.stringify(message.value),
      headers: message.headers,
    }))
    await producer.send({ messages })
  }
  return batching(shop, { ...sender, send, close: () => producer.close() })
}

/** The headers that every message of the shop carries. */
export function headersOf(of: { service: string; type?: string | undefined }): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-service": of.service,
    ...(of.type ? { "x-type": of.type } : {}),
  }
}

interface Batching extends Sender {
  send: (batch: Waiting[]) => Promise<unknown>
  close: () => Promise<unknown>
}

function batching(shop: ShopContext, { service, tracer = noTracer, send, close }: Batching): Publisher {
  let waiting: Waiting[] = []
  let underWay: Promise<void> | null = null
  const flush = async () => {
    const batch = waiting
    waiting = []
    try {
      await send(batch)
      for (const { span } of batch) span.end()
    } catch (error) {
      shop.log(`${service}: could not send ${batch.length} messages, will try again: ${error}`)
      waiting = [...batch, ...waiting].slice(-MAX_WAITING)
    }
  }
  const timer = setInterval(() => {
    if (underWay || waiting.length === 0) return
    underWay = flush().finally(() => {
      underWay = null
    })
  }, FLUSH_MS)
  return {
    publish: ({ at = ROOT_CONTEXT, ...message }) => {
      const { topic, key, type } = message
      const span = startSpan(tracer, { ...sending({ topic, client: service, key }), parent: at })
      const headers = { ...headersIn(trace.setSpan(at, span)), ...headersOf({ service, type }) }
      waiting.push({ ...message, span, headers })
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer)
      await underWay
      await close()
    },
  }
}
