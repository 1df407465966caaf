import type { DeadLetterDialect } from "../../broker.ts"
import { inText } from "./in-text.ts"

const PREFIX = "micronaut-kafka-"

const texts = inText({
  id: "micronaut",
  name: "Micronaut Kafka",
  claims: /-retry-\d+(ms|[smh])$/,
  marks: [`${PREFIX}original-topic`],
  names: {
    topic: `${PREFIX}original-topic`,
    partition: `${PREFIX}original-partition`,
    offset: `${PREFIX}original-offset`,
    type: `${PREFIX}exception-class`,
    message: `${PREFIX}exception-message`,
    attempts: `${PREFIX}retry-attempt`,
  },
})

/**
 * Micronaut Kafka from 6.1, on the retry and dead-letter topics of an ErrorStrategy. Before that there is no header.
 *
 * Source: micronaut-projects/micronaut-kafka, kafka/…/configuration/kafka/processor/ConsumerState.java
 */
export const micronaut: DeadLetterDialect = {
  ...texts,
  isOwnHeader: (header) => header.startsWith(PREFIX),
}
