import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { planLine, planTotals } from "#server/offsets/line.ts"
import type { Found, PartitionNow, Strategy } from "#server/offsets/model.ts"

const AT: PartitionNow = {
  destination: "orders",
  partition: 0,
  committed: 500,
  start: 100,
  end: 1000,
  bytes: 90_000,
  trouble: null,
}

/** Each row: where it is asked to, what was found; where it comes to stand, delivered again, skipped. */
const TABLE: [string, Strategy, Found | undefined, number | null, number | null, number | null][] = [
  ["earliest is the first message that exists", { kind: "earliest" }, undefined, 100, 400, 0],
  ["latest skips what waits", { kind: "latest" }, undefined, 1000, 0, 500],
  ["a time is the offset found for it", { kind: "time", at: 9 }, { offset: 300, time: 12 }, 300, 200, 0],
  ["a time after the last message is the end", { kind: "time", at: 9 }, { offset: null }, 1000, 0, 500],
  ["back by a duration likewise", { kind: "back", ms: 9 }, { offset: 450, time: 12 }, 450, 50, 0],
  ["an offset", { kind: "offset", offset: 600 }, undefined, 600, 0, 100],
  ["an offset that is deleted is the start", { kind: "offset", offset: 5 }, undefined, 100, 400, 0],
  ["an offset not written yet is the end", { kind: "offset", offset: 5000 }, undefined, 1000, 0, 500],
  ["shifted back", { kind: "shift", by: -100 }, undefined, 400, 100, 0],
  ["shifted on", { kind: "shift", by: 100 }, undefined, 600, 0, 100],
  ["another group's position", { kind: "group", group: "audit" }, { offset: 700 }, 700, 0, 200],
  ["a snapshot's position", { kind: "snapshot", snapshot: "s" }, { offset: 200 }, 200, 300, 0],
  [
    "no commit in the snapshot deletes it",
    { kind: "snapshot", snapshot: "s" },
    { offset: null },
    null,
    null,
    null,
  ],
  ["a file's position", { kind: "csv", text: "" }, { offset: 800 }, 800, 0, 300],
  ["forgotten", { kind: "forget" }, undefined, null, null, null],
]

describe("where a partition comes to stand", () => {
  it.each(TABLE)("%s", (_, strategy, found, to, again, skipped) => {
    expect(planLine(strategy, AT, found)).toMatchObject({ from: 500, to, again, skipped, trouble: null })
  })

  it("says of a time before all that is kept that no message is that old", () => {
    const note = (found: Found) => planLine({ kind: "time", at: 9 }, AT, found).note
    expect(note({ offset: 100, time: 12 })).toMatch(/from before this time/)
    expect(note({ offset: 101, time: 12 })).toBeNull()
  })

  it.each([
    ["an offset below the start", { kind: "offset", offset: 5 }, { wanted: 5, why: "deleted" }],
    ["an offset above the end", { kind: "offset", offset: 5000 }, { wanted: 5000, why: "not_written" }],
    ["a shift below the start", { kind: "shift", by: -900 }, { wanted: -400, why: "deleted" }],
  ] as const)("says that %s was clamped, and why", (_, strategy, clamped) => {
    expect(planLine(strategy, AT, undefined).clamped).toEqual(clamped)
  })

  it.each([
    ["shifts nothing without a commit", { kind: "shift", by: 1 }, undefined, /no commit to count from/],
    [
      "has no position of a group without one",
      { kind: "group", group: "audit" },
      { offset: null },
      /audit has no commit/,
    ],
    ["needs a line in the file", { kind: "csv", text: "" }, undefined, /no line for it/],
    ["needs the broker's answer", { kind: "time", at: 1 }, undefined, /did not say/],
  ] as const)("%s", (_, strategy, found, trouble) => {
    const line = planLine(strategy, { ...AT, committed: null }, found)
    expect(line.trouble).toMatch(trouble)
    expect(line.to).toBe(line.from)
  })

  it("leaves a partition alone whose log could not be read", () => {
    const leaderless = { ...AT, start: null, end: null, trouble: "It has no leader." }
    expect(planLine({ kind: "earliest" }, leaderless, undefined)).toMatchObject({
      to: 500,
      trouble: "It has no leader.",
    })
  })

  it("counts from the start what a group has already lost", () => {
    const lost = { ...AT, committed: 20 }
    expect(planLine({ kind: "latest" }, lost, undefined)).toMatchObject({ again: 0, skipped: 900 })
    expect(planLine({ kind: "earliest" }, lost, undefined)).toMatchObject({ again: 0, skipped: 0, to: 100 })
  })

  it("estimates bytes by the average on disk", () => {
    expect(planLine({ kind: "offset", offset: 400 }, AT, undefined).bytes).toBe(10_000)
    expect(planLine({ kind: "offset", offset: 400 }, { ...AT, bytes: null }, undefined).bytes).toBeNull()
  })

  it("does not know what is delivered again where there was no commit", () => {
    const line = planLine({ kind: "earliest" }, { ...AT, committed: null }, undefined)
    expect(line).toMatchObject({ from: null, to: 100, again: null, skipped: null, bytes: null })
    expect(planTotals([line])).toMatchObject({ moved: 1, again: 0, bytes: 0 })
  })

  it("counts what is unread after it, unless a part of that is unknown", () => {
    const lines = [300, 1000].map((offset) => planLine({ kind: "offset", offset }, AT, undefined))
    expect(planTotals(lines).unread).toBe(700)
    const troubled = planLine({ kind: "earliest" }, { ...AT, trouble: "It has no leader." }, undefined)
    expect(planTotals([...lines, troubled]).unread).toBeNull()
  })
})

const facts = fc
  .record({
    start: fc.nat(1_000_000),
    length: fc.nat(1_000_000),
    committed: fc.option(fc.nat(3_000_000)),
  })
  .map(({ start, length, committed }) => ({ ...AT, start, end: start + length, committed }))
const strategies = fc.oneof(
  fc.constant({ kind: "earliest" } as const),
  fc.constant({ kind: "latest" } as const),
  fc.record({ kind: fc.constant("offset" as const), offset: fc.nat(4_000_000) }),
  fc.record({ kind: fc.constant("shift" as const), by: fc.integer({ min: -4_000_000, max: 4_000_000 }) }),
)

describe("whatever is asked", () => {
  it("a position is always one that exists", () => {
    fc.assert(
      fc.property(facts, strategies, (at, strategy) => {
        const { to, trouble } = planLine(strategy, at, undefined)
        if (trouble !== null || to === null) return to === at.committed
        return to >= at.start && to <= at.end
      }),
    )
  })

  it("never both again and skipped, and no more than the log holds", () => {
    fc.assert(
      fc.property(facts, strategies, (at, strategy) => {
        const { again, skipped } = planLine(strategy, at, undefined)
        if (again === null || skipped === null) return true
        return again * skipped === 0 && again + skipped <= at.end - at.start && again >= 0 && skipped >= 0
      }),
    )
  })

  it("the way back undoes the way there", () => {
    fc.assert(
      fc.property(facts, strategies, (at, strategy) => {
        const there = planLine(strategy, at, undefined)
        if (there.trouble !== null) return true
        const back = planLine(
          { kind: "snapshot", snapshot: "before" },
          { ...at, committed: there.to },
          { offset: at.committed },
        )
        const existed = at.committed === null || (at.committed >= at.start && at.committed <= at.end)
        return !existed || (back.to === at.committed && back.again === (there.skipped ?? back.again))
      }),
    )
  })
})
