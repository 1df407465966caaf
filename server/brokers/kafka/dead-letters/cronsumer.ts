import { inText } from "./in-text.ts"

/**
 * kafka-konsumer and kafka-cronsumer (Go), on their retry and dead-letter topics.
 *
 * Source: Trendyol/kafka-cronsumer, internal/message.go; Trendyol/kafka-konsumer, message.go
 */
export const cronsumer = inText({
  id: "cronsumer",
  name: "kafka-konsumer",
  marks: ["x-retry-count", "x-produce-time"],
  names: { message: "x-error-message", attempts: "x-retry-count" },
  alsoOwn: ["x-retry-attempt-count", "x-produce-time"],
})
