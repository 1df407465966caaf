import type { DeadLetterDialect, Message } from "../../broker.ts"
import { Headers, text } from "./headers.ts"
import { inText } from "./in-text.ts"

const NAMES = ["exception-class-name", "cause-class-name", "reason", "cause", "topic", "partition", "offset"]

/**
 * SmallRye Reactive Messaging, and so Quarkus, with `failure-strategy=dead-letter-queue`. Without a name of its own the
 * topic is `dead-letter-topic-<channel>`. No header names the consumer group.
 *
 * Source: smallrye/smallrye-reactive-messaging, smallrye-reactive-messaging-kafka/…/kafka/fault/KafkaDeadLetterQueue.java
 */
export const smallrye = withCause("dead-letter-", {
  id: "smallrye",
  name: "SmallRye (Quarkus)",
  claims: /^dead-letter-topic-/,
})

/**
 * The same with `failure-strategy=delayed-retry-topic`: `<channel>_retry_<ms>`, and the dead-letter topic behind them.
 *
 * Source: smallrye/smallrye-reactive-messaging, smallrye-reactive-messaging-kafka/…/kafka/fault/KafkaDelayedRetryTopic.java
 */
export const smallryeRetry = withCause("delayed-retry-", {
  id: "smallrye-retry",
  name: "SmallRye (Quarkus), delayed retry",
  claims: /_retry_\d+$/,
  attempts: "delayed-retry-count",
  alsoOwn: ["delayed-retry-original-timestamp", "delayed-retry-first-processing-timestamp"],
})

interface Strategy {
  id: string
  name: string
  claims: RegExp
  attempts?: string
  alsoOwn?: string[]
}

/** Its own headers come before those that the message had: when it dies again, the first are the newest. */
function withCause(prefix: string, { attempts, alsoOwn = [], ...strategy }: Strategy): DeadLetterDialect {
  const texts = inText({
    ...strategy,
    newest: "first",
    marks: [`${prefix}topic`],
    names: {
      topic: `${prefix}topic`,
      partition: `${prefix}partition`,
      offset: `${prefix}offset`,
      type: `${prefix}exception-class-name`,
      message: `${prefix}reason`,
      ...(attempts === undefined ? {} : { attempts }),
    },
    alsoOwn: [...NAMES.map((name) => prefix + name), ...alsoOwn],
  })
  return {
    ...texts,
    read: (destination, message) => {
      const facts = texts.read(destination, message)
      return facts && { ...facts, exception: causeOf(facts.exception, message, prefix) }
    },
  }
}

/** The exception is a wrapper where it has a cause, so the cause is what is told. */
function causeOf<Told extends { message: string | null }>(
  told: Told,
  message: Message,
  prefix: string,
): Told {
  const headers = new Headers(message)
  const type = text(headers.first(`${prefix}cause-class-name`))
  return type === null
    ? told
    : { ...told, type, message: text(headers.first(`${prefix}cause`)) ?? told.message }
}
