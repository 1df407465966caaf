import { bytes, duration, UNKNOWN } from "#app/ui/format.ts"
import { exactSpan } from "#server/durations.ts"

/** A setting's value, with what it means behind it where a bare number says little: "604800000 (7 d)". */
export function settingText(setting: { name: string; value: string | null; sensitive: boolean }): string {
  const { name, value, sensitive } = setting
  if (sensitive) return "hidden"
  if (value === null) return UNKNOWN
  if (value === "") return "empty"
  const number = Number(value)
  if (!Number.isFinite(number) || number < 1000) return value
  if (number >= Number.MAX_SAFE_INTEGER) return `${value} (no limit)`
  if (name.endsWith(".ms")) return `${value} (${duration(number)})`
  return name.endsWith(".bytes") ? `${value} (${bytes(number)})` : value
}

interface Unit {
  name: string
  size: number
}

const SPANS: readonly Unit[] = [
  { name: "ms", size: 1 },
  { name: "seconds", size: 1000 },
  { name: "minutes", size: 60_000 },
  { name: "hours", size: 3_600_000 },
  { name: "days", size: 86_400_000 },
]
const SIZES: readonly Unit[] = [
  { name: "bytes", size: 1 },
  { name: "KiB", size: 1024 },
  { name: "MiB", size: 1024 ** 2 },
  { name: "GiB", size: 1024 ** 3 },
  { name: "TiB", size: 1024 ** 4 },
]

/** The units that a setting is written in, by its name; null: its value has none. */
export function unitsOf(name: string): readonly Unit[] | null {
  if (name.endsWith(".ms")) return SPANS
  return name.endsWith(".bytes") ? SIZES : null
}

/** A value in the largest unit that it is a whole number of; null: it has none, as -1 for "no limit". */
export function inUnit(name: string, value: string): { amount: number; unit: Unit } | null {
  const units = unitsOf(name)
  const number = Number(value)
  if (units === null || !/^\d+$/.test(value) || !Number.isSafeInteger(number)) return null
  const unit = number === 0 ? units[0] : units.findLast(({ size }) => number % size === 0)
  return unit ? { amount: number / unit.size, unit } : null
}

/** The largest numbers mean that there is no limit, and so does -1. */
const MAX_LONG = "9223372036854775807"

/** As people say it: "7 days", "1 GiB", "no limit". */
export function spokenSetting(setting: { name: string; value: string | null; sensitive: boolean }): string {
  const { name, value, sensitive } = setting
  if (sensitive) return "hidden"
  if (value === null) return UNKNOWN
  if (value === "") return "empty"
  if (unitsOf(name) !== null && (value === "-1" || value === MAX_LONG)) return "no limit"
  const read = inUnit(name, value)
  if (read === null) return value
  if (unitsOf(name) === SPANS) return exactSpan(Number(value))
  return `${read.amount.toLocaleString("en-US")} ${read.unit.name}`
}
