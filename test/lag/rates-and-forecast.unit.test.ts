import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { caughtUpIn, type LossFacts, lostIn } from "#server/lag/forecast.ts"
import { slope } from "#server/lag/rates.ts"

const at = Array.from({ length: 31 }, (_, i) => i * 10_000)

describe("the slope", () => {
  it("is the rate in units a second", () => {
    expect(
      slope(
        at,
        at.map((ms) => ms / 100),
      ),
    ).toBeCloseTo(10)
  })

  it("is not moved by one wild sample", () => {
    const values = at.map((ms, i) => (i === 12 ? 1e9 : ms / 100))
    expect(slope(at, values)).toBeCloseTo(10)
  })

  it("is unknown with fewer than three known points", () => {
    expect(slope([0, 1000, 2000], [1, Number.NaN, 2])).toBeNull()
  })

  it("does not depend on where offsets begin, and grows with their scale", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 1, max: 50 }),
        (rate, shift, scale) => {
          const base = at.map((ms) => (ms / 1000) * rate)
          const moved =
            slope(
              at,
              base.map((value) => value + shift),
            ) ?? 0
          const scaled =
            slope(
              at,
              base.map((value) => value * scale),
            ) ?? 0
          expect(moved).toBeCloseTo(rate, 3)
          expect(scaled).toBeCloseTo(rate * scale, 3)
        },
      ),
    )
  })
})

describe("caught up in", () => {
  it.each([
    { lag: 0, produced: 5, consumed: 0, answer: 0 },
    { lag: 100, produced: 10, consumed: 20, answer: 10_000 },
    { lag: 100, produced: 10, consumed: 10, answer: Number.POSITIVE_INFINITY },
    { lag: 100, produced: 10, consumed: 0, answer: Number.POSITIVE_INFINITY },
    { lag: 100, produced: null, consumed: 10, answer: null },
  ])("lag $lag at $produced/s in and $consumed/s out: $answer ms", ({ lag, produced, consumed, answer }) => {
    expect(caughtUpIn(lag, produced, consumed)).toBe(answer)
  })
})

describe("lost in", () => {
  const stopped: LossFacts = {
    retention: { ms: 3_600_000, bytes: null, deletes: true },
    unread: 100,
    headroom: 50,
    age: 600_000,
    speed: 0,
    startRate: 0,
    consumeRate: 0,
    caughtUpIn: Number.POSITIVE_INFINITY,
  }
  const never = Number.POSITIVE_INFINITY

  it.each<[string, Partial<LossFacts>, number | null]>([
    ["a stopped group has what is left of retention", {}, 3_000_000],
    ["one that reads at half the speed of time has twice that", { speed: 0.5 }, 6_000_000],
    ["one that reads as fast as time passes loses nothing", { speed: 1 }, never],
    ["one that catches up before loses nothing", { caughtUpIn: 1000 }, never],
    [
      "a compacted topic deletes nothing by age",
      { retention: { ms: 3_600_000, bytes: null, deletes: false } },
      never,
    ],
    ["unlimited retention deletes nothing", { retention: { ms: null, bytes: null, deletes: true } }, never],
    ["what is read is not lost", { unread: 0 }, never],
    ["without an age it cannot be known", { age: null }, null],
    [
      "size: the start comes nearer at 10 a second",
      { retention: { ms: null, bytes: 1, deletes: true }, startRate: 10 },
      5000,
    ],
    [
      "size: the group is faster than the start",
      { retention: { ms: null, bytes: 1, deletes: true }, startRate: 10, consumeRate: 11 },
      never,
    ],
  ])("%s", (_, facts, answer) => {
    expect(lostIn({ ...stopped, ...facts })).toBe(answer)
  })

  it("comes no earlier with longer retention, and no later with older messages", () => {
    fc.assert(
      fc.property(fc.nat(1e7), fc.nat(1e7), fc.nat(1e6), (retention, age, more) => {
        const now = lostIn({ ...stopped, age, retention: { ms: retention, bytes: null, deletes: true } }) ?? 0
        const longer =
          lostIn({ ...stopped, age, retention: { ms: retention + more, bytes: null, deletes: true } }) ?? 0
        const older =
          lostIn({ ...stopped, age: age + more, retention: { ms: retention, bytes: null, deletes: true } }) ??
          0
        expect(longer).toBeGreaterThanOrEqual(now)
        expect(older).toBeLessThanOrEqual(now)
      }),
    )
  })
})
