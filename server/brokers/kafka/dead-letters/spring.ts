import type { DeadLetterDialect, DeadLetterFacts } from "../../broker.ts"
import { Headers, int32, int64, text } from "./headers.ts"

/** DeadLetterPublishingRecoverer adds kafka_dlt-*; retry topics (@RetryableTopic) add the same without "dlt-". */
const PREFIXES = ["kafka_dlt-", "kafka_"] as const
const OWN =
  /^(kafka_(dlt-)?((key-)?exception-|original-)|retry_topic-|springDeserializerException(Key|Value)$)/
const NAMES = /[.\-_](dlt|retry(-\d+)?)$/i

/**
 * Spring Kafka. Text is UTF-8; the original partition and the attempts are big-endian int32, the original offset and
 * timestamp big-endian int64 (org.springframework.kafka.support.KafkaHeaders, DeadLetterPublishingRecoverer). The
 * exception is most often a wrapper, so its cause is what is told. When a dead letter dies again, the original headers
 * are appended: the first are the message's origin.
 *
 * Source: spring-projects/spring-kafka, spring-kafka/…/kafka/support/KafkaHeaders.java and
 * …/kafka/retrytopic/DeadLetterPublishingRecovererFactory.java
 */
export const spring: DeadLetterDialect = {
  id: "spring",
  name: "Spring Kafka",
  claims: (destination) => NAMES.test(destination),
  read: (_destination, message) => {
    const headers = new Headers(message)
    const prefix = PREFIXES.find(
      (one) => headers.has(`${one}original-topic`) || headers.has(`${one}exception-fqcn`),
    )
    return prefix === undefined ? null : factsOf(headers, prefix)
  },
  isOwnHeader: (header) => OWN.test(header),
}

function factsOf(headers: Headers, prefix: string): DeadLetterFacts {
  const first = (name: string) => headers.first(`${prefix}${name}`)
  const destination = text(first("original-topic"))
  return {
    original:
      destination === null
        ? null
        : {
            destination,
            partition: int32(first("original-partition")),
            offset: int64(first("original-offset")),
            timestamp: int64(first("original-timestamp")),
          },
    // This one name has "dlt-" on retry topics, too.
    group: text(headers.last("kafka_dlt-original-consumer-group")),
    exception: exceptionOf(headers, prefix),
    attempts: int32(headers.last("retry_topic-attempts")),
  }
}

/** Of the value; or of the key, where that could not be read. */
function exceptionOf(headers: Headers, prefix: string): DeadLetterFacts["exception"] {
  const kind = headers.has(`${prefix}exception-fqcn`) ? "" : "key-"
  const last = (name: string) => text(headers.last(`${prefix}${kind}exception-${name}`))
  const cause = last("cause-fqcn")
  const stack = last("stacktrace")
  return {
    type: cause ?? last("fqcn"),
    message: (cause !== null && stack !== null ? messageOfCause(stack, cause) : null) ?? last("message"),
    stack,
  }
}

/** `Caused by: java.lang.NumberFormatException: For input string: "12,50"` → For input string: "12,50" */
function messageOfCause(stack: string, cause: string): string | null {
  const begin = `Caused by: ${cause}: `
  const line = stack.split(/\r?\n/).find((one) => one.startsWith(begin))
  return line?.slice(begin.length) ?? null
}
