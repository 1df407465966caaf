import { shortSpan } from "#server/durations.ts"
import type { ServiceRow } from "#server/traces/index.ts"

const fine = new Intl.NumberFormat("en-US", { maximumFractionDigits: 3 })
const factors = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 })

/** A share with enough digits for promises: 99.95%. */
export function share(value: number): string {
  return `${fine.format(value * 100)}%`
}

/** How many times as fast: 2.1×. */
export function factor(value: number): string {
  return `${factors.format(value)}×`
}

type Promised = Pick<NonNullable<ServiceRow["objective"]>, "target" | "latencyMs">

/** What is promised: "99.9% of calls succeed within 500 ms". */
export function promiseOf({ target, latencyMs }: Promised): string {
  return `${share(target)} of calls succeed${latencyMs === null ? "" : ` within ${shortSpan(latencyMs)}`}`
}

/** The same for a list: "99.9% in 500 ms". */
export function shortPromise({ target, latencyMs }: Promised): string {
  return `${share(target)}${latencyMs === null ? "" : ` in ${shortSpan(latencyMs)}`}`
}
