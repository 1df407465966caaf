import type { DeadLetterDialect, DeadLetterFacts, Message } from "../../broker.ts"
import { Headers, text } from "./headers.ts"
import { inText } from "./in-text.ts"

/** kafka://topic/orders */
const ADDRESS = /^kafka:\/\/[^/]+\/(?<topic>[^/?#]+)\/?$/
/** The origin of a message that went through the topics of a retry. */
const FIRST = "wolverine-kafka-retry-source"

const texts = inText({
  id: "wolverine",
  name: "Wolverine",
  claims: /^wolverine-dead-letter-queue$|\.retry\.\d+[smh]$/,
  marks: ["original-destination", "exception-type", "failed-at"],
  names: {
    topic: "original-destination",
    partition: "original-partition",
    offset: "original-offset",
    type: "exception-type",
    message: "exception-message",
    stack: "exception-stack",
    attempts: "wolverine-kafka-retry-attempt",
  },
  alsoOwn: [
    "failed-at",
    FIRST,
    ...["tier", "first-failed", "exception-type", "exception-message"].map(
      (name) => `wolverine-kafka-retry-${name}`,
    ),
  ],
})

/**
 * Wolverine (.NET). The origin is an address, and after a retry in topics (`orders.retry.30s`) that of the last of them,
 * with the first topic beside it.
 *
 * Source: JasperFx/wolverine, src/Wolverine/Transports/DeadLetterQueueConstants.cs and
 * src/Transports/Kafka/Wolverine.Kafka/Internals/KafkaRetryNaming.cs
 */
export const wolverine: DeadLetterDialect = {
  ...texts,
  read: (destination, message) => {
    const facts = texts.read(destination, message)
    return facts && { ...facts, original: originOf(facts.original, message) }
  },
}

function originOf(told: DeadLetterFacts["original"], message: Message): DeadLetterFacts["original"] {
  const first = text(new Headers(message).last(FIRST))
  const topic = ADDRESS.exec(told?.destination ?? "")?.groups?.topic ?? null
  if (told && topic !== null && (first === null || first === topic)) return { ...told, destination: topic }
  return first === null ? null : { destination: first, partition: null, offset: null, timestamp: null }
}
