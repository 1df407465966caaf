import { inText } from "./in-text.ts"

/**
 * Dapr with a `deadLetterTopic`. It sends on what the subscription had put beside the message: the origin. Why it failed
 * it does not say.
 *
 * Source: dapr/dapr, pkg/runtime/subscription/subscription.go (sendToDeadLetter); dapr/components-contrib,
 * common/component/kafka/consumer.go and producer.go
 */
export const dapr = inText({
  id: "dapr",
  name: "Dapr",
  marks: ["__topic", "__partition", "__offset"],
  names: { topic: "__topic", partition: "__partition", offset: "__offset", timestamp: "__timestamp" },
  alsoOwn: ["__key"],
})
