import type { DeadLetterDialect } from "../../broker.ts"
import { Headers, originIn, text } from "./headers.ts"

const PREFIX = "dead-letter-"
const TOPIC = /^dead-letter-topic-/

/**
 * SmallRye Reactive Messaging, and so Quarkus, with `failure-strategy=dead-letter-queue`. Everything is UTF-8 text,
 * numbers too. Without a name of its own the topic is `dead-letter-topic-<channel>`. The exception is a wrapper where it
 * has a cause, so the cause is what is told; no header names the consumer group.
 */
export const smallrye: DeadLetterDialect = {
  id: "smallrye",
  name: "SmallRye (Quarkus)",
  claims: (destination) => TOPIC.test(destination),
  read: (_destination, message) => {
    const headers = new Headers(message)
    const last = (name: string) => headers.last(`${PREFIX}${name}`)
    const type = text(last("exception-class-name"))
    const original = originIn(last, null)
    if (type === null && original === null) return null
    const cause = text(last("cause-class-name"))
    return {
      original,
      group: null,
      exception: {
        type: cause ?? type,
        message: (cause === null ? null : text(last("cause"))) ?? text(last("reason")),
        stack: null,
      },
      attempts: null,
    }
  },
  isOwnHeader: (header) => OWN.has(header),
}

const OWN = new Set(
  ["exception-class-name", "cause-class-name", "reason", "cause", "topic", "partition", "offset"].map(
    (name) => PREFIX + name,
  ),
)
