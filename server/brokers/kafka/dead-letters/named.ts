/** orders.DLT, orders-dlt, orders.dlq, orders-dead-letter, orders.retry, orders.retry.2 */
export const SUFFIX = /[.\-_](dlt|dlq|dead-?letters?|dead[._]letters?|retry([.\-_]?\d+)?)$/i
/** dlq.orders, dlt-orders, dead-letter.orders */
export const PREFIX = /^(dlt|dlq|dead-?letters?|dead[._]letters?)[.\-_]/i

/** The destination that a dead-letter destination is named after; null: its name does not say. */
export function originalName(destination: string): string | null {
  const name = destination.replace(SUFFIX, "").replace(PREFIX, "")
  return name === "" || name === destination ? null : name
}
