import type { DeadLetterDialect } from "../../broker.ts"
import { inText } from "./in-text.ts"

/** `System.FormatException in Shop.Payment`: the class, and the assembly that it came from. */
const REASON = /^(?<type>\S+) in .*$/s

const texts = inText({
  id: "silverback",
  name: "Silverback",
  marks: ["x-source-topic", "x-source-consumer-group-id"],
  names: {
    topic: "x-source-topic",
    partition: "x-source-partition",
    offset: "x-source-offset",
    timestamp: "x-source-timestamp",
    group: "x-source-consumer-group-id",
    message: "x-failure-reason",
    attempts: "x-failed-attempts",
  },
})

/**
 * Silverback (.NET) with the error policy that moves messages. Its reason is the class of the innermost exception.
 *
 * Source: BEagle1984/silverback, src/Silverback.Integration.Kafka/Messaging/Producing/Enrichers/KafkaMovePolicyMessageEnricher.cs
 */
export const silverback: DeadLetterDialect = {
  ...texts,
  read: (destination, message) => {
    const facts = texts.read(destination, message)
    const type = REASON.exec(facts?.exception.message ?? "")?.groups?.type ?? null
    return facts && { ...facts, exception: { ...facts.exception, type } }
  },
}
