import { WINDOW_MS } from "./window.ts"

/** Moments at which sweeps found that a group has no members, and that it has some again, in turn; ms, oldest first. */
export type EmptyChanges = readonly number[]

/** Whether a group had no members at a moment. */
export function wasEmpty(changes: EmptyChanges, at: number): boolean {
  return changes.filter((one) => one <= at).length % 2 === 1
}

/** The changes as of one more sweep. What was over before the window is forgotten, and so is what a clock set back undid. */
export function changesWith(changes: EmptyChanges, sweep: { at: number; isEmpty: boolean }): EmptyChanges {
  const { at, isEmpty } = sweep
  const before = changes.filter((one) => one < at)
  const all = wasEmpty(before, at) === isEmpty ? before : [...before, at]
  const over = all.findLastIndex((one, i) => i % 2 === 1 && one < at - WINDOW_MS)
  return all.slice(over + 1)
}

/** How many members a group had at a moment, of which only the present number is stored: none, or how many is unknown. */
export function membersAt(group: { members: number | null; emptyChanges: EmptyChanges }, at: number) {
  if (wasEmpty(group.emptyChanges, at)) return 0
  return group.members === 0 ? null : group.members
}
