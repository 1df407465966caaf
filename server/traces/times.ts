/** Nanoseconds of a millisecond. */
export const MS_NS = 1_000_000n

/** ms as nanoseconds, in digits: beyond what a number holds exactly. */
export function nanoseconds(ms: number): string {
  return `${ms}000000`
}

/** The whole ms of nanoseconds. */
export function msOfNs(ns: bigint | string): number {
  return Number(BigInt(ns) / MS_NS)
}
