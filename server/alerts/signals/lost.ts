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
  const counts = round.memory("lost", () => new Map<string, Counts>())
  const groups = await readGroups(round)
  return groups.map(({ series, lost: now }) => {
    if (now === null) return { series, value: null }
    const counted = count(counts.get(series.key) ?? [], { at: round.at, lost: now })
    counts.set(series.key, counted)
    return { series, value: now - (counted[0]?.lost ?? now) }
  })
}

/** A count that falls, as after a reset of offsets, begins anew. */
function count(before: Counts, now: Counts[number]): Counts {
  const last = before.at(-1)
  if (!last || last.lost > now.lost) return [now]
  const all = last.lost === now.lost ? before : [...before, now]
  const first = all.findLastIndex((one) => one.at <= now.at - WINDOW_MS)
  return all.slice(Math.max(0, first))
}
