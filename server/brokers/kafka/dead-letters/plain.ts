import type { DeadLetterDialect } from "../../broker.ts"
import { Headers, text } from "./headers.ts"
import { originalName, PREFIX, SUFFIX } from "./named.ts"

/** Names that home-made frameworks are seen to give their headers, the most telling first. */
const TYPES = [
  "exception-class",
  "exception.class",
  "x-exception-class",
  "error-class",
  "error.type",
  "exception-type",
]
const MESSAGES = [
  "exception-message",
  "exception.message",
  "x-exception-message",
  "error-message",
  "error.message",
  "x-error-message",
  "x-error",
  "error",
  "exception",
  "reason",
]
const STACKS = [
  "exception-stacktrace",
  "exception.stacktrace",
  "x-exception-stacktrace",
  "stacktrace",
  "error.stack",
]
const GROUPS = ["consumer-group", "consumer.group", "x-consumer-group", "group-id"]

/**
 * Told by the name of the destination alone; what the usual headers say is taken where they are there. It takes off no
 * header before a replay, since nobody knows which of them are the framework's: `mapping` is for those who know.
 */
export const plain: DeadLetterDialect = {
  id: "plain",
  name: "by its name",
  claims: (destination) => SUFFIX.test(destination) || PREFIX.test(destination),
  read: (destination, message) => {
    const headers = new Headers(message)
    const any = (names: readonly string[]) => {
      const name = names.find((one) => headers.has(one))
      return name === undefined ? null : text(headers.last(name))
    }
    const original = originalName(destination)
    return {
      original:
        original === null ? null : { destination: original, partition: null, offset: null, timestamp: null },
      group: any(GROUPS),
      exception: { type: any(TYPES), message: any(MESSAGES), stack: any(STACKS) },
      attempts: null,
    }
  },
  isOwnHeader: () => false,
}
