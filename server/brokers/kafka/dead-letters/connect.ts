import type { DeadLetterDialect } from "../../broker.ts"
import { Headers, originIn, text } from "./headers.ts"

const PREFIX = "__connect.errors."

/**
 * Kafka Connect's sink connectors with `errors.deadletterqueue.context.headers.enable` (KIP-298). Everything is UTF-8
 * text, numbers too. A sink connector reads in the consumer group `connect-<name>` unless told otherwise.
 *
 * Source: apache/kafka, connect/runtime/…/connect/runtime/errors/DeadLetterQueueReporter.java
 */
export const connect: DeadLetterDialect = {
  id: "connect",
  name: "Kafka Connect",
  claims: (destination) => /^dlq[.\-_]/i.test(destination),
  read: (_destination, message) => {
    const headers = new Headers(message)
    const last = (name: string) => headers.last(`${PREFIX}${name}`)
    const connector = text(last("connector.name"))
    const type = text(last("exception.class.name"))
    if (connector === null && type === null) return null
    return {
      original: originIn(last, null),
      group: connector === null ? null : `connect-${connector}`,
      exception: {
        type,
        message: text(last("exception.message")),
        stack: text(last("exception.stacktrace")),
      },
      attempts: null,
    }
  },
  isOwnHeader: (header) => header.startsWith(PREFIX),
}
