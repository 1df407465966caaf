import { inText } from "./in-text.ts"

const PREFIX = "__dlq.errors."

/**
 * Kafka's own dead letters of share groups (KIP-1191, Kafka 4.4), written by the broker. There is no exception, but a
 * sentence: the record was rejected, or delivered too often.
 *
 * Source: apache/kafka, server-common/…/server/share/dlq/ShareGroupDLQStateManager.java
 */
export const share = inText({
  id: "share",
  name: "Kafka share groups",
  marks: [`${PREFIX}topic`, `${PREFIX}group`],
  names: {
    topic: `${PREFIX}topic`,
    partition: `${PREFIX}partition`,
    offset: `${PREFIX}offset`,
    group: `${PREFIX}group`,
    message: `${PREFIX}message`,
    attempts: `${PREFIX}delivery.count`,
  },
})
