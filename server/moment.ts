/** The first and the last moment that has a date here, ms: the years 1 to 9999, as ISO 8601 and PostgreSQL write them alike. */
export const MIN_MOMENT_MS = Date.parse("0001-01-01T00:00:00.000Z")
export const MAX_MOMENT_MS = Date.parse("9999-12-31T23:59:59.999Z")

/**
 * Whether a number of ms since the epoch is a moment with a date. Producers also send microseconds, nanoseconds and
 * anything else that fits into 64 bits.
 */
export function isMoment(ms: number): boolean {
  return ms >= MIN_MOMENT_MS && ms <= MAX_MOMENT_MS
}

/** A moment written as ISO 8601, ms since the epoch; null: it is none, or has no date here. */
export function parseMoment(iso: string | null): number | null {
  const ms = Date.parse(iso ?? "")
  return isMoment(ms) ? ms : null
}

/** The timestamp of a message as ms since the epoch; null: there is none, or it is no moment with a date. */
export function momentOrNull(timestamp: bigint | null): number | null {
  const ms = timestamp === null ? Number.NaN : Number(timestamp)
  return isMoment(ms) ? ms : null
}

/** The moment in ISO 8601; the number itself, to its last digit, where it is none. */
export function isoOrRaw(timestamp: bigint): string {
  const ms = momentOrNull(timestamp)
  return ms === null ? String(timestamp) : new Date(ms).toISOString()
}
