import { bytes, duration, UNKNOWN } from "#app/ui/format.ts"

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
