import { inText } from "./in-text.ts"

/**
 * laravel-kafka (PHP), to `<topic>-dlq` unless named. The context of an exception becomes headers of its own names, which
 * stay.
 *
 * Source: mateusjunges/laravel-kafka, src/Consumers/Consumer.php (buildHeadersForDlq)
 */
export const laravel = inText({
  id: "laravel",
  name: "laravel-kafka",
  marks: ["kafka_throwable_class_name"],
  names: { type: "kafka_throwable_class_name", message: "kafka_throwable_message" },
  alsoOwn: ["kafka_throwable_code"],
})
