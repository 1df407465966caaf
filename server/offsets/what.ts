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
      return `back by ${nameSpan(strategy.ms)}`
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

const UNITS = [
  { ms: 86_400_000, one: "day", many: "days" },
  { ms: 3_600_000, one: "hour", many: "hours" },
  { ms: 60_000, one: "minute", many: "minutes" },
  { ms: 1000, one: "second", many: "seconds" },
]

/** A span of time in the largest unit that it is a whole number of. */
function nameSpan(ms: number): string {
  const unit = UNITS.find((one) => ms % one.ms === 0) ?? { ms: 1, one: "ms", many: "ms" }
  const amount = ms / unit.ms
  return `${amount} ${amount === 1 ? unit.one : unit.many}`
}

/** What a plan does, in one sentence without a full stop. */
export function describePlan(plan: { group: string; strategy: Strategy; undoOf: string | null }): string {
  if (plan.undoOf !== null) return `${plan.group} back to where it stood before`
  return `${plan.group} ${nameStrategy(plan.strategy)}`
}
