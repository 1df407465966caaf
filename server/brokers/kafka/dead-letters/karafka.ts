import type { DeadLetterDialect } from "../../broker.ts"
import { inText } from "./in-text.ts"

/**
 * Karafka Pro (Ruby). Its error stays in the consumer's log: `source_trace_id` leads to it. Before 2.4 the names began
 * with `original_`. The open-source Karafka adds no header.
 *
 * Source: karafka/karafka, lib/karafka/pro/processing/consumer_groups/strategies/dlq/default.rb; CHANGELOG.md (2.4)
 */
export const karafka: DeadLetterDialect = either(prefixed("source_"), prefixed("original_"))

function prefixed(prefix: string): DeadLetterDialect {
  return inText({
    id: "karafka",
    name: "Karafka",
    claims: /^dead[._-]messages$/,
    marks: [`${prefix}topic`, `${prefix}partition`, `${prefix}offset`],
    names: {
      topic: `${prefix}topic`,
      partition: `${prefix}partition`,
      offset: `${prefix}offset`,
      group: `${prefix}consumer_group`,
      attempts: `${prefix}attempts`,
    },
    alsoOwn: [`${prefix}trace_id`, `${prefix}key`],
  })
}

function either(now: DeadLetterDialect, before: DeadLetterDialect): DeadLetterDialect {
  return {
    ...now,
    read: (destination, message) => now.read(destination, message) ?? before.read(destination, message),
    isOwnHeader: (header) => now.isOwnHeader(header) || before.isOwnHeader(header),
  }
}
