/** A 64-bit number as PostgreSQL and brokers hand it over; beyond 2^53 its last digits are lost. Null: unknown. */
export function toNumber(value: string | bigint | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}
