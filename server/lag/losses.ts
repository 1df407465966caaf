import { type CommitSeries, indexAt, type LogSeries } from "#server/store/index.ts"

export interface Losses {
  /** ms, in time order. */
  at: number[]
  /** Messages lost up to each moment; it never falls. */
  lost: number[]
}

interface Rows {
  /** Moments of sweeps, in time order: what is shown of a row holds at them. */
  sweeps: readonly number[]
  log: Pick<LogSeries, "at" | "starts"> | undefined
  commits: Pick<CommitSeries, "at" | "offsets"> | undefined
}

/**
 * Messages of one partition that were deleted unread, added up from a moment on. It begins with those behind which
 * the group stands then, and what was lost stays counted when the group commits past it.
 *
 * Between two sweeps the start moved from s to s′ and the group committed c′: lost are s′ − max(c′, s), and never less than
 * none. What a group read and lost between the same two sweeps cannot be told apart, and counts as read. Only at sweeps
 * are rows of logs and of commits compared: a row of a roll-up stands where it last changed, so between two sweeps one
 * of the two may be as new as the other is old.
 *
 * Example: start 0 → 100 while committed is 40: 60 are lost. Committed goes to 150: still 60. Start 100 → 160: 70.
 */
export function lossesOf(rows: Rows, partition: number, from: number): Losses {
  const { log, commits, sweeps } = rows
  const losses: Losses = { at: [], lost: [] }
  if (!log || !commits) return losses
  let total = 0
  let deletedTo: number | null = null
  for (const at of sweeps.slice(Math.max(0, indexAt(sweeps, from)))) {
    const start = log.starts[indexAt(log.at, at)]?.[partition]
    const committed = commits.offsets[indexAt(commits.at, at)]?.[partition]
    if (typeof start !== "number" || typeof committed !== "number" || committed < 0) continue
    total += Math.max(0, start - Math.max(committed, deletedTo ?? committed))
    deletedTo = Math.max(start, deletedTo ?? start)
    losses.at.push(at)
    losses.lost.push(total)
  }
  return losses
}
