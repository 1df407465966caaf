import type { DeadLetterDialect } from "../../broker.ts"
import { Headers, originIn, text } from "./headers.ts"

const PREFIX = "__streams.errors."

/**
 * Kafka Streams with `errors.dead.letter.queue.topic.name` (KIP-1034). Everything is UTF-8 text, numbers too. The
 * exception is its class; the KIP's text has its toString(), with the message after a colon. The topic's name is free,
 * and no header names the application.
 *
 * Source: apache/kafka, streams/…/streams/errors/internals/ExceptionHandlerUtils.java
 */
export const streams: DeadLetterDialect = {
  id: "streams",
  name: "Kafka Streams",
  claims: () => false,
  read: (_destination, message) => {
    const headers = new Headers(message)
    const last = (name: string) => headers.last(`${PREFIX}${name}`)
    const exception = text(last("exception"))
    const original = originIn(last, message.timestamp)
    if (exception === null && original === null) return null
    return {
      original,
      group: null,
      exception: {
        type: exception?.split(/:\s/, 1)[0] ?? null,
        message: text(last("message")),
        stack: text(last("stacktrace")),
      },
      attempts: null,
    }
  },
  isOwnHeader: (header) => header.startsWith(PREFIX),
}
