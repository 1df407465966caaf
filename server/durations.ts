/* A span of time in words. All texts take it from here; the unit of input is ms. */

/** As short as a table wants it: "12 m 4 s", "3 h 10 m", "2 d"; "never" for one without end. */
export function shortSpan(ms: number): string {
  if (!Number.isFinite(ms)) return "never"
  if (ms === 0) return "0 s"
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = Math.round(ms / 1000)
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} m` : `${minutes} m ${seconds % 60} s`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} m`
  return `${Math.round(hours / 24)} d`
}

/** Roughly, as a sentence wants it: "40 seconds", "3 h 10 min", "12 days". At least a second. */
export function roughSpan(ms: number): string {
  const seconds = Math.round(ms / 1000)
  if (seconds < 90) return amountOf(Math.max(1, seconds), "second")
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return amountOf(minutes, "minute")
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 || hours >= 10 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return amountOf(Math.round(hours / 24), "day")
}

const UNITS = [
  { ms: 86_400_000, name: "day" },
  { ms: 3_600_000, name: "hour" },
  { ms: 60_000, name: "minute" },
  { ms: 1000, name: "second" },
]

/** Exactly, in the largest unit that it is a whole number of: "90 minutes", "1 day". */
export function exactSpan(ms: number): string {
  const unit = UNITS.find((one) => ms % one.ms === 0)
  return unit ? amountOf(ms / unit.ms, unit.name) : `${ms} ms`
}

const WRITTEN = [
  { ms: 86_400_000, unit: "d" },
  { ms: 3_600_000, unit: "h" },
  { ms: 60_000, unit: "m" },
  { ms: 1000, unit: "s" },
  { ms: 1, unit: "ms" },
]

/** As files write it, after Prometheus: "1h30m", "10s", "0s". Exact for whole ms from 0 on; `readSpan` reads it again. */
export function writeSpan(ms: number): string {
  let rest = ms
  let text = ""
  for (const { ms: size, unit } of WRITTEN) {
    const amount = Math.floor(rest / size)
    if (amount > 0) text += `${amount}${unit}`
    rest -= amount * size
  }
  return text || "0s"
}

/** ms of a span that a person wrote: "5m", "1h 30m", "1.5d"; a number without unit is ms. null: it is none. */
export function readSpan(text: string): number | null {
  const trimmed = text.trim()
  if (/^\d+(\.\d+)?$/.test(trimmed)) return Number(trimmed)
  if (!/^(\d+(\.\d+)?\s*(ms|[dhms])\s*)+$/.test(trimmed)) return null
  let sum = 0
  for (const [, amount, unit] of trimmed.matchAll(/(\d+(?:\.\d+)?)\s*(ms|[dhms])/g))
    sum += Number(amount) * (WRITTEN.find((one) => one.unit === unit)?.ms ?? 0)
  return sum
}

function amountOf(amount: number, unit: string): string {
  return `${amount.toLocaleString("en-US")} ${unit}${amount === 1 ? "" : "s"}`
}
