const SECONDS_A_DAY = 86_400n

/**
 * Days since 1970-01-01 as a date of ISO 8601, also beyond year 9999 and before year 0, where ISO asks for a sign and
 * six digits. After "chrono-Compatible Low-Level Date Algorithms" by H. Hinnant.
 */
export function isoDate(days: bigint): string {
  const shifted = days + 719_468n
  const era = floorDiv(shifted, 146_097n)
  const dayOfEra = shifted - era * 146_097n
  const yearOfEra = (dayOfEra - dayOfEra / 1460n + dayOfEra / 36_524n - dayOfEra / 146_096n) / 365n
  const dayOfYear = dayOfEra - (365n * yearOfEra + yearOfEra / 4n - yearOfEra / 100n)
  const shiftedMonth = (5n * dayOfYear + 2n) / 153n
  const day = dayOfYear - (153n * shiftedMonth + 2n) / 5n + 1n
  const month = shiftedMonth < 10n ? shiftedMonth + 3n : shiftedMonth - 9n
  const year = yearOfEra + era * 400n + (month <= 2n ? 1n : 0n)
  return `${isoYear(year)}-${padded(month, 2)}-${padded(day, 2)}`
}

function isoYear(year: bigint): string {
  if (year >= 0n && year <= 9999n) return padded(year, 4)
  return (year < 0n ? "-" : "+") + padded(year < 0n ? -year : year, 6)
}

/** A time of day: `units` since midnight, 10^`digits` of them a second. */
export function isoTime(units: bigint, digits: number): string {
  const perSecond = 10n ** BigInt(digits)
  const seconds = units / perSecond
  const clock = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((one) => padded(one, 2)).join(":")
  return digits === 0 ? clock : `${clock}.${padded(units % perSecond, digits)}`
}

/** A date and time without a zone: `units` since 1970, 10^`digits` of them a second; every digit is shown. */
export function isoDateTime(units: bigint, digits: number): string {
  const perDay = SECONDS_A_DAY * 10n ** BigInt(digits)
  const day = floorDiv(units, perDay)
  return `${isoDate(day)}T${isoTime(units - day * perDay, digits)}`
}

function floorDiv(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

function padded(value: bigint, width: number): string {
  return value.toString().padStart(width, "0")
}
