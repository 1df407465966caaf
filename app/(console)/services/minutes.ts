import type { Range } from "#app/ui/range/range.ts"

const MINUTE_MS = 60_000

/** The whole minutes of the page's range, so that it is asked for anew once a minute. */
export function minutesOf({ from, to }: Pick<Range, "from" | "to">): { from: number; to: number } {
  return { from: Math.floor(from / MINUTE_MS) * MINUTE_MS, to: Math.ceil(to / MINUTE_MS) * MINUTE_MS }
}

interface Point {
  at: number
  calls: number
}

/**
 * Which points of a series say how often something was called: not those before its first call, when it may not have been
 * there, and not the one that is running.
 */
export function knownPoints(
  points: readonly Point[],
  { now, step }: { now: number; step: number },
): (at: number) => boolean {
  const first = points.find(({ calls }) => calls > 0)?.at ?? Number.POSITIVE_INFINITY
  return (at) => at >= first && at + step <= now
}
