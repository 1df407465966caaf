import { inText } from "./in-text.ts"

/**
 * Brighter (.NET). The reason for the rejection (DeliveryError, Unacceptable) stands for the exception's class.
 *
 * Source: BrighterCommand/Brighter, src/Paramore.Brighter.MessagingGateway.Kafka/KafkaMessageConsumer.cs (RefreshMetadata)
 */
export const brighter = inText({
  id: "brighter",
  name: "Brighter",
  marks: ["OriginalTopic", "RejectionTimestamp"],
  names: { topic: "OriginalTopic", type: "RejectionReason", message: "RejectionMessage" },
  alsoOwn: ["RejectionTimestamp", "OriginalType"],
})
