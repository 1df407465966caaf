import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { lossesOf } from "#server/lag/losses.ts"

/** Rows of one partition, ten seconds apart: [start, committed]; null is unknown, -1 is no commit. */
function rows(...values: [number | null, number | null][]) {
  const at = values.map((_, i) => i * 10_000)
  return {
    sweeps: at,
    log: { destinationId: 1, at, starts: values.map(([start]) => [start]), ends: values.map(() => [1000]) },
    commits: { destinationId: 1, at, offsets: values.map(([, committed]) => [committed]) },
  }
}

const lostOf = (...values: [number | null, number | null][]) => lossesOf(rows(...values), 0, 0).lost

describe("messages lost, added up", () => {
  it("are not made up where a roll-up has the start of one moment and the commit of a later one", () => {
    // Of the minute from 60 s on: the start moved at 70 s, when the group had read past it; the commit moved until 110 s.
    const log = { at: [50_000, 70_000], starts: [[0], [60]] }
    const commits = { at: [50_000, 110_000], offsets: [[0], [90]] }
    expect(lossesOf({ log, commits, sweeps: [50_000, 110_000] }, 0, 0).lost).toEqual([0, 0])
  })

  it.each<[string, [number | null, number | null][], number[]]>([
    [
      "stay counted after the group commits past them",
      [
        [0, 40],
        [100, 40],
        [100, 150],
      ],
      [0, 60, 60],
    ],
    [
      "add to what is lost later",
      [
        [0, 40],
        [100, 40],
        [100, 150],
        [160, 150],
      ],
      [0, 60, 60, 70],
    ],
    [
      "begin with those that the group stands behind",
      [
        [100, 40],
        [100, 40],
      ],
      [60, 60],
    ],
    [
      "are not counted again when offsets are reset to before the start",
      [
        [100, 200],
        [100, 10],
      ],
      [0, 0],
    ],
    [
      "are not made up by deletion of what was read",
      [
        [0, 500],
        [400, 500],
      ],
      [0, 0],
    ],
    [
      "wait for what is unknown",
      [
        [0, 40],
        [null, 40],
        [100, null],
        [100, 40],
      ],
      [0, 60],
    ],
    [
      "need a commit",
      [
        [0, -1],
        [100, -1],
        [100, 70],
      ],
      [30],
    ],
  ])("%s", (_, values, lost) => {
    expect(lostOf(...values)).toEqual(lost)
  })

  it("leave out what was lost and passed before the range", () => {
    const shown = lossesOf(rows([0, 40], [100, 40], [100, 150], [160, 150]), 0, 25_000)
    expect(shown).toEqual({ at: [20_000, 30_000], lost: [0, 10] })
  })

  it("equal a count message by message, for a group that only moves on", () => {
    const step = fc.record({ deleted: fc.nat(30), read: fc.nat(30) })
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
        let [start, committed] = [0, 0]
        const lost = new Set<number>()
        const values: [number, number][] = [[0, 0]]
        for (const { deleted, read } of steps) {
          // A sweep lies between each deletion and each commit.
          for (let offset = Math.max(start, committed); offset < start + deleted; offset++) lost.add(offset)
          start += deleted
          values.push([start, committed])
          if (read > 0) committed = Math.max(committed, start) + read
          values.push([start, committed])
        }
        expect(lostOf(...values).at(-1)).toBe(lost.size)
      }),
    )
  })
})
