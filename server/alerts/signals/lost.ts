import { readGroups } from "./groups.ts"
import type { ClusterSignal, Reading, Round } from "./signal.ts"

const WINDOW_MS = 600_000

/** The moments at which the count of lost messages changed; the first is the one that held when the window began. */
type Counts = { at: number; lost: number }[]

export const lost: ClusterSignal = {
  of: "cluster",
  id: "lost",
  label: "Messages lost",
  unit: "messages",
  subject: "group",
  help: "Messages that were deleted before a consumer group had read them, within the last 10 minutes.",
  suggested: { op: ">", threshold: 0 },
  sentence: "{{ group }} lost {{ value }} messages in the last 10 minutes: they were deleted unread.",
  read,
}

async function read(round: Round): Promise<Reading[]> {
  const kept = round.memory("lost", () => ({ counts: new Map<string, Counts>() }))
  const groups = await readGroups(round)
  const counts = new Map<string, Counts>()
  const readings = groups.map(({ series, lost: now }): Reading => {
    const before = kept.counts.get(series.key) ?? []
    if (now === null) {
      if (before.length > 0) counts.set(series.key, before)
      return { series, value: null }
    }
    const counted = count(before, { at: round.at, lost: now })
    counts.set(series.key, counted)
    return { series, value: now - (counted[0]?.lost ?? now) }
  })
  // Of groups that were deleted nothing is kept.
  kept.counts = counts
  return readings
}

/** A count that falls, as after a reset of offsets, begins anew. */
function count(before: Counts, now: Counts[number]): Counts {
  const last = before.at(-1)
  if (!last || last.lost > now.lost) return [now]
  const all = last.lost === now.lost ? before : [...before, now]
  const first = all.findLastIndex((one) => one.at <= now.at - WINDOW_MS)
  return all.slice(Math.max(0, first))
}
