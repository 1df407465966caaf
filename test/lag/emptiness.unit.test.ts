import { expect, it } from "vitest"
import { changesWith, membersAt, wasEmpty } from "#server/lag/emptiness.ts"

const SECOND = 1000
const MINUTE = 60 * SECOND

/** The changes after sweeps every ten seconds; "-" is one that found no member, "M" one that found some, " " was missed. */
function after(sweeps: string, from = 0) {
  return [...sweeps].reduce<readonly number[]>(
    (changes, found, i) =>
      found === " " ? changes : changesWith(changes, { at: from + i * 10 * SECOND, isEmpty: found === "-" }),
    [],
  )
}

it("tells of each sweep within the window whether it found members", () => {
  const sweeps = "MM--M M---  M--"
  const changes = after(sweeps)
  for (const [i, found] of [...sweeps].entries())
    if (found !== " ") expect(wasEmpty(changes, i * 10 * SECOND), `sweep ${i}`).toBe(found === "-")
})

it("keeps since when a group is empty, and forgets what was over before the window", () => {
  const changes = after(`--M${"-".repeat(400)}`)
  expect(changes).toEqual([30 * SECOND])
  expect(changesWith(changes, { at: 90 * MINUTE, isEmpty: false })).toEqual([30 * SECOND, 90 * MINUTE])
  expect(after(`--${"M".repeat(40)}`)).toEqual([])
})

it("forgets what comes later than a clock that was set back", () => {
  const changes = after("M--M-", 60 * MINUTE)
  expect(changesWith(changes, { at: 60 * MINUTE + 15 * SECOND, isEmpty: true })).toEqual([
    60 * MINUTE + 10 * SECOND,
  ])
  expect(changesWith(changes, { at: 20 * MINUTE, isEmpty: false })).toEqual([])
})

it("does not say that a group had no members when it was not empty yet", () => {
  const group = { members: 0, emptyChanges: [20 * SECOND] }
  expect([10, 20, 30].map((second) => membersAt(group, second * SECOND))).toEqual([null, 0, 0])
  const filled = { members: 3, emptyChanges: [20 * SECOND, 30 * SECOND] }
  expect([10, 20, 30].map((second) => membersAt(filled, second * SECOND))).toEqual([3, 0, 3])
})
