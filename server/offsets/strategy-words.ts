import { exactSpan } from "#server/durations.ts"
import type { Strategy } from "./model.ts"

/** Where a group can be moved, as forms, docs and plans call it. */
export const STRATEGY_WORDS: Readonly<Record<Strategy["kind"], string>> = {
  time: "a date and time",
  back: "back by a duration",
  earliest: "the earliest message",
  latest: "the end",
  offset: "an offset",
  shift: "shift by N messages",
  group: "same as another group",
  snapshot: "an earlier snapshot",
  csv: "the positions of a file (CSV)",
  forget: "delete committed offsets",
}

/** A strategy with what was chosen for it, after the name of a group: "to the end", "back by 3 hours". */
function nameStrategy(strategy: Strategy): string {
  switch (strategy.kind) {
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
    case "forget":
      return "to no position: its commits are deleted"
    case "earliest":
    case "latest":
    case "snapshot":
    case "csv":
      return `to ${STRATEGY_WORDS[strategy.kind]}`
  }
}

/** What a plan does, in one sentence without a full stop. */
export function describePlan(plan: { group: string; strategy: Strategy; undoOf: string | null }): string {
  if (plan.undoOf !== null) return `${plan.group} back to where it stood before`
  return `${plan.group} ${nameStrategy(plan.strategy)}`
}
