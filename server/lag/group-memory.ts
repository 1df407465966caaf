import type { GroupStatus } from "#server/group-status.ts"
import { changesWith, type EmptyChanges } from "./emptiness.ts"
import type { ObservedGroup } from "./evaluation.ts"
import type { LogState } from "./log-state.ts"
import type { Judged, Verdict } from "./model.ts"
import { Positions } from "./positions.ts"

/** What is kept of one group between sweeps. */
export class GroupMemory {
  /** By destination. */
  readonly commits = new Map<number, Positions>()
  #emptyChanges: EmptyChanges = []
  #verdict: Judged | null = null
  #judged: Judged | null = null

  /** Takes what a sweep read of its commits. What could not be read is unknown, and not forgotten. */
  take(group: ObservedGroup, at: number, logs: ReadonlyMap<number, LogState>): void {
    const isEmpty = group.members === 0
    this.#emptyChanges = changesWith(this.#emptyChanges, { at, isEmpty })
    const seen = new Set(group.commits.map((one) => one.destinationId))
    for (const [id, positions] of this.commits) {
      if (seen.has(id)) continue
      if (group.known) this.commits.delete(id)
      else positions.add(at, positions.unknownNow(), { log: logs.get(id), isEmpty })
    }
    for (const { destinationId, offsets } of group.commits) {
      const positions = this.commits.get(destinationId) ?? new Positions()
      this.commits.set(destinationId, positions)
      positions.add(at, offsets, { log: logs.get(destinationId), isEmpty })
    }
  }

  /** The last verdict that was one: what is unknown for a moment does not end what was before. null: there is none yet. */
  get judged(): Judged | null {
    return this.#judged
  }

  get emptyChanges(): EmptyChanges {
    return this.#emptyChanges
  }

  remember(verdict: Judged, judged: Judged | null = this.#judged): void {
    this.#verdict = verdict
    this.#judged = verdict.status === "unknown" ? judged : verdict
  }

  /** Since when it has had a status, not later than now, as the clock may have been set back; null: it is new. */
  since(status: GroupStatus, now: number): number | null {
    const last = this.#verdict?.status === "unknown" && status !== "unknown" ? this.#judged : this.#verdict
    return last?.status === status ? Math.min(last.since, now) : null
  }

  withoutCommits(name: string, at: number): Verdict {
    const since = this.since("idle", at) ?? at
    return { status: "idle", rule: "8 idle", since, sentence: `${name} has no committed offsets.` }
  }
}
