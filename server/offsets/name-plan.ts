import { exactSpan } from "#server/durations.ts"
import type { Strategy } from "./model.ts"

/** A strategy in words, after "to" or alone. */
export function nameStrategy(strategy: Strategy): string {
  switch (strategy.kind) {
    case "earliest":
      return "to the earliest message"
    case "latest":
      return "to the end"
    case "time":
      return `to ${new Date(strategy.at).toISOString().slice(0, 19).replace("T", " ")} UTC`
    case "offset":
      return `to offset ${strategy.offset}`
    case "shift":
      return strategy.by < 0 ? `back by ${-strategy.by} messages` : `on by ${strategy.by} messages`
    case "back":
      return `back by ${exactSpan(strategy.ms)}`
    case "group":
      return `to where ${strategy.group} stands`
    case "snapshot":
      return "to a snapshot"
    case "csv":
      return "to the positions of a file"
    case "forget":
      return "to no position: its commits are deleted"
  }
}

/** What a plan does, in one sentence without a full stop. */
export function describePlan(plan: { group: string; strategy: Strategy; undoOf: string | null }): string {
  if (plan.undoOf !== null) return `${plan.group} back to where it stood before`
  return `${plan.group} ${nameStrategy(plan.strategy)}`
}
