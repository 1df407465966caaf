import type { Value } from "./machine.ts"
import type { Unit } from "./signals/signal.ts"

const whole = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 })
const fine = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 })
const short = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat("en-US", { style: "percent", maximumFractionDigits: 1 })

const SPANS = [
  { ms: 86_400_000, one: "day", many: "days" },
  { ms: 3_600_000, one: "hour", many: "hours" },
  { ms: 60_000, one: "minute", many: "minutes" },
  { ms: 1000, one: "second", many: "seconds" },
]

/** A value with its unit, for sentences: "12,034", "4.2 minutes", "8 %". */
export function formatValue(value: Value, unit: Unit): string {
  if (value === null) return "unknown"
  if (typeof value === "string") return value
  switch (unit) {
    case "ms":
      return span(value)
    case "ratio":
      return percent.format(value)
    case "bytes":
      return `${short.format(value)}B`
    case "messages/s":
      return `${fine.format(value)} messages/s`
    case "deviations":
      return `${fine.format(value)} deviations`
    default:
      return Number.isInteger(value) ? whole.format(value) : fine.format(value)
  }
}

function span(ms: number): string {
  if (!Number.isFinite(ms)) return "never"
  const unit = SPANS.find((one) => Math.abs(ms) >= one.ms)
  if (!unit) return `${Math.round(ms)} ms`
  const amount = fine.format(ms / unit.ms)
  return `${amount} ${amount === "1" ? unit.one : unit.many}`
}
