import { inText } from "./in-text.ts"

/**
 * Watermill (Go) with the middleware PoisonQueue. A handler is what gave up; Go's errors have no class.
 *
 * Source: ThreeDotsLabs/watermill, message/router/middleware/poison.go
 */
export const watermill = inText({
  id: "watermill",
  name: "Watermill",
  claims: /(^|[.\-_])poison([.\-_]?queue)?$/i,
  marks: ["reason_poisoned", "topic_poisoned"],
  names: { topic: "topic_poisoned", group: "handler_poisoned", message: "reason_poisoned" },
  alsoOwn: ["subscriber_poisoned"],
})
