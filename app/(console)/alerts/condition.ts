import type { RouterOutputs } from "#app/trpc/types.ts"
import { bytes, count, duration, rate } from "#app/ui/format.ts"

type Listed = RouterOutputs["alerts"]["rules"]
export type Rule = Listed["rules"][number]["rule"]
type Signal = Listed["signals"][number]

/** A rule's condition in words: "Time lag > 5 m for 1 m". */
export function conditionOf(rule: Rule, signal: Signal | undefined): string {
  const { condition, forMs } = rule
  const held = forMs > 0 ? ` for ${duration(forMs)}` : ""
  const name = signal?.label ?? rule.signal
  if (condition.op === "in") return `${name} is ${condition.values.join(" or ")}${held}`
  return `${name} ${condition.op} ${thresholdOf(condition.threshold, signal?.unit)}${held}`
}

function thresholdOf(value: number, unit: Signal["unit"] | undefined): string {
  switch (unit) {
    case "ms":
      return duration(value)
    case "messages/s":
      return rate(value)
    case "bytes":
      return bytes(value)
    case "ratio":
      return `${Math.round(value * 1000) / 10}%`
    default:
      return count(value)
  }
}
