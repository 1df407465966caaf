import type { Findings } from "./findings.ts"
import type { Shown, Truth } from "./frames.ts"

/** The last status that was shown of a group, and the last that was not "unknown". */
interface Before {
  shown: Shown
  judged: Shown | null
}

/**
 * Since when a status holds, sweep by sweep: it is carried on as long as the status stays, over what is unknown for a while
 * and over restarts, and never lies ahead of the sweep, whatever the clock does.
 */
export function judgeSince(truth: Truth, findings: Findings): void {
  const before = new Map<number, Before>()
  for (const { at, groups } of truth.verdicts)
    for (const [id, shown] of groups) {
      const { name, status, since } = shown
      const last = before.get(id)
      const same = last?.shown.status === "unknown" && status !== "unknown" ? last.judged : last?.shown
      const about = findings.about(`${name} at ${at}`)
      if (same?.status === status) about.equal(`since of ${status}`, since, Math.min(same.since, at))
      else if (since > at) about.add(`is ${status} since ${since - at} ms after its sample`)
      before.set(id, { shown, judged: status === "unknown" ? (last?.judged ?? null) : shown })
    }
}
