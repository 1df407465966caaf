import { inText } from "./in-text.ts"

/**
 * kafka-retry for NestJS: `orders-retry-1`, …, `orders-dlt`. It says no exception, and with `isCompleted` left on it a
 * message would not be tried again.
 *
 * Source: pirumu/kafka-retry, src/kafka-strategy.ts (handleRetry) and src/utils.ts
 */
export const nestjs = inText({
  id: "nestjs",
  name: "NestJS kafka-retry",
  marks: ["tried", "delay"],
  names: { attempts: "tried" },
  alsoOwn: ["delay", "isCompleted"],
})
