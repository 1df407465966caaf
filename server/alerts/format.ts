import { shortSpan } from "#server/durations.ts"
import type { Value } from "./machine.ts"
import type { Unit } from "./signals/signal.ts"

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 })
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 1 })

/** A value with its unit, for sentences: "12,034", "4 m 12 s", "8 %". */
export function formatValue(value: Value, unit: Unit): string {
  if (value === null) return "unknown"
  if (typeof value === "string") return value
  switch (unit) {
    case "ms":
      return shortSpan(value)
    case "ratio":
      return percent.format(value)
    case "bytes":
      return `${short.format(value)}B`
    case "messages/s":
      return `${fine.format(value)} messages/s`
    case "deviations":
      return `${fine.format(value)} deviations`
    case "times":
      return `${fine.format(value)} times`
    default:
      return Number.isInteger(value) ? whole.format(value) : fine.format(value)
  }
}
