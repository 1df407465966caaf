import type { DeadLetterDialect } from "../../broker.ts"
import { Headers, int32, int64, text } from "./headers.ts"

const OWN =
  /^x-(original-(topic|partition|offset|timestamp|timestamp-type)|exception-(fqcn|message|stacktrace))$/
const CAUSE = /^Caused by: (?<type>[\w.$]+)(?:: (?<message>.*))?$/gm

/**
 * The Kafka binder of Spring Cloud Stream with `enable-dlq`. Text is UTF-8, the partition a big-endian int32, offset and
 * timestamp big-endian int64. The exception is the framework's wrapper, so its deepest cause is what is told. Without a
 * name of its own the topic is `error.<topic>.<group>`. When a dead letter dies again, headers are appended.
 *
 * Source: spring-cloud/spring-cloud-stream, binders/kafka-binder/…/binder/kafka/KafkaMessageChannelBinder.java
 * (handleRecordForDlq)
 */
export const springCloudStream: DeadLetterDialect = {
  id: "spring-cloud-stream",
  name: "Spring Cloud Stream",
  claims: (destination) => /^error\..+\..+$/.test(destination),
  read: (destination, message) => {
    const headers = new Headers(message)
    if (!headers.has("x-original-topic") || !headers.has("x-exception-fqcn")) return null
    const first = (name: string) => headers.first(`x-original-${name}`)
    const topic = text(first("topic"))
    const last = (name: string) => text(headers.last(`x-exception-${name}`))
    const stack = last("stacktrace")
    const cause = [...(stack ?? "").matchAll(CAUSE)].at(-1)?.groups
    return {
      original:
        topic === null
          ? null
          : {
              destination: topic,
              partition: int32(first("partition")),
              offset: int64(first("offset")),
              timestamp: int64(first("timestamp")),
            },
      group: groupIn(destination, text(headers.last("x-original-topic"))),
      exception: {
        type: cause?.type ?? last("fqcn"),
        message: cause?.message ?? last("message"),
        stack,
      },
      attempts: null,
    }
  },
  isOwnHeader: (header) => OWN.test(header),
}

function groupIn(destination: string, topic: string | null): string | null {
  const begin = `error.${topic}.`
  return topic !== null && destination.startsWith(begin) ? destination.slice(begin.length) || null : null
}
