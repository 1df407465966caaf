import type { Range } from "#app/ui/range/range.ts"

const DAY_MS = 86_400_000
const MAX_DAYS = 31

/** That a longer range is cut: calls are summed over a month at most. */
export function OneMonth({ range }: { range: Range }) {
  if (range.to - range.from <= MAX_DAYS * DAY_MS) return null
  return <p className="quiet slim">The last {MAX_DAYS} days of the range are shown.</p>
}
