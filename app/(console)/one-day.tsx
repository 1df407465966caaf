import type { Range } from "#app/ui/range.tsx"

const DAY_MS = 86_400_000

/** That a longer range is cut: calls are summed over a day at most. */
export function OneDay({ range }: { range: Range }) {
  if (range.to - range.from <= DAY_MS) return null
  return <p className="quiet slim">The last 24 hours of the range are shown.</p>
}
