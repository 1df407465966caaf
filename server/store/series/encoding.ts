/**
 * How a sweep's values are encoded, in the database and in the arrays read from it: a number is an offset, `null` is
 * unknown (the broker could not say), and this is a partition on which the group has committed nothing.
 */
export const NO_COMMIT = -1

/** Offsets that a group committed, as a broker tells of them: null: no commit, or one that is unknown. */
export interface Commits {
  offsets: readonly (bigint | null)[]
  /** Partitions whose offset could not be read. */
  unknown: readonly number[]
}

/** A group's commits on one destination as they are stored. */
export function encodeCommits({ offsets, unknown }: Commits): (bigint | null)[] {
  const unread = new Set(unknown)
  return offsets.map((offset, partition) => (unread.has(partition) ? null : (offset ?? BigInt(NO_COMMIT))))
}
