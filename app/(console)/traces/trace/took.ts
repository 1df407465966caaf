import { latency } from "#app/ui/format.ts"

/** A duration of ns. */
export function took(ns: number): string {
  return ns === 0 ? "0" : `${ns < 0 ? "−" : ""}${latency(Math.abs(ns) / 1e6)}`
}
