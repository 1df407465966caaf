import type { Tracer } from "@opentelemetry/api"
import { type Incoming, kafkaJs } from "./consume.ts"
import { sending } from "./kafka-spans.ts"
import type { ShopContext } from "./shop-context.ts"
import { headersIn, inSpan } from "./spans.ts"

export interface DeadLetters extends AsyncDisposable {
  /** Puts the message aside as it was, with why and whence in headers. Resolves when the brokers have it. */
  send(incoming: Incoming<unknown>, error: Error): Promise<void>
}

/** Dead letters in the dialect of Spring Kafka's DeadLetterPublishingRecoverer: same key, same partition. */
export async function deadLetters(
  shop: ShopContext,
  options: { service: string; version: string; group: string; topic: string; tracer: Tracer },
): Promise<DeadLetters> {
  const producer = kafkaJs(shop, options.service).producer({ allowAutoTopicCreation: false })
  await producer.connect()
  return {
    send: async (incoming, error) => {
      const { key, value, headers } = incoming.message
      const why = { ...springHeaders(incoming, error, options.group), "service.version": options.version }
      const { service: client, topic, tracer } = options
      const span = { ...sending({ topic, client, key: String(key) }), parent: incoming.at }
      await inSpan(tracer, span, async (at) => {
        const all = { ...headers, ...why, ...headersIn(at) }
        const message = { key, value, headers: all, partition: incoming.partition }
        await producer.send({ topic, messages: [message] })
      })
    },
    [Symbol.asyncDispose]: () => producer.disconnect(),
  }
}

function springHeaders(
  incoming: Incoming<unknown>,
  error: Error,
  group: string,
): Record<string, string | Buffer> {
  const partition = Buffer.alloc(4)
  partition.writeInt32BE(incoming.partition)
  return {
    "kafka_dlt-exception-fqcn": "org.springframework.kafka.listener.ListenerExecutionFailedException",
    "kafka_dlt-exception-cause-fqcn": `java.lang.${error.name}`,
    "kafka_dlt-exception-message": error.message,
    "kafka_dlt-exception-stacktrace": stackTrace(error),
    "kafka_dlt-original-topic": incoming.topic,
    "kafka_dlt-original-partition": partition,
    "kafka_dlt-original-offset": int64(incoming.message.offset),
    "kafka_dlt-original-timestamp": int64(incoming.message.timestamp),
    "kafka_dlt-original-timestamp-type": "CreateTime",
    "kafka_dlt-original-consumer-group": group,
  }
}

function int64(text: string): Buffer {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64BE(BigInt(text))
  return bytes
}

function stackTrace(error: Error): string {
  return [
    "org.springframework.kafka.listener.ListenerExecutionFailedException: Listener method 'capture' threw exception",
    `Caused by: java.lang.${error.name}: ${error.message}`,
    "\tat com.example.shop.payment.Amounts.parse(Amounts.java:41)",
    "\tat com.example.shop.payment.CaptureListener.capture(CaptureListener.java:67)",
  ].join("\n")
}
