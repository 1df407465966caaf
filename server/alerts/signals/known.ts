/** A number of the database, if all of it is known. */
export function whole(value: string | number | null, known: boolean): number | null {
  return value === null || !known ? null : Number(value)
}

/** ms until something; stored as -1 where it will never be. */
export function fromForecast(stored: string | null): number | null {
  if (stored === null) return null
  const ms = Number(stored)
  return ms < 0 ? Number.POSITIVE_INFINITY : ms
}
