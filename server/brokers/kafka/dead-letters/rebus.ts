import type { DeadLetterDialect } from "../../broker.ts"
import { Headers, text } from "./headers.ts"

const SOURCE = "rbs2-source-queue"
const DETAILS = "rbs2-error-details"
const OWN = new Set([SOURCE, DETAILS, "rbs2-delivery-count"])

/**
 * Rebus (.NET) with Rebus.Kafka, in its error queue, `error` unless named. The input queue of whoever gave up is the topic;
 * the details are the exceptions of all attempts, as .NET prints them, cut where they are long.
 *
 * Source: rebus-org/Rebus, Rebus/Messages/Headers.cs, Rebus/Retry/PoisonQueues/DeadletterQueueErrorHandler.cs,
 * Rebus/Retry/ErrorTracking/InMemErrorTracker.cs
 */
export const rebus: DeadLetterDialect = {
  id: "rebus",
  name: "Rebus",
  claims: () => false,
  read: (_destination, message) => {
    const headers = new Headers(message)
    const source = text(headers.last(SOURCE))
    if (source === null || !headers.has(DETAILS)) return null
    const details = text(headers.last(DETAILS))
    const attempts = ATTEMPTS.exec(details ?? "")?.[1]
    return {
      original: { destination: source, partition: null, offset: null, timestamp: null },
      group: null,
      exception: { ...namedIn(details ?? ""), stack: details },
      attempts: attempts === undefined ? null : Number(attempts),
    }
  },
  isOwnHeader: (header) => OWN.has(header),
}

const ATTEMPTS = /^(\d{1,9}) unhandled exceptions/
/** Shop.OutOfStockException: out of stock */
const EXCEPTION = /(?:^|[\s>])((?:[A-Za-z_][\w+`]*\.)+[A-Za-z_][\w+`]*Exception)(?:: ([^\r\n]*))?/g

/** The first exception that says more than that there were several. */
function namedIn(details: string): { type: string | null; message: string | null } {
  for (const [, type = null, message = null] of details.matchAll(EXCEPTION))
    if (type !== "System.AggregateException") return { type, message }
  return { type: null, message: details === "" ? null : details }
}
