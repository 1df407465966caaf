import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { caughtUpIn, type LossFacts, lostIn } from "#server/lag/forecast.ts"
import { addRates, rateOf } from "#server/rates.ts"

const at = Array.from({ length: 31 }, (_, i) => i * 10_000)

describe("the rate of one partition", () => {
  const every = (values: number[], stepMs = 10_000) =>
    rateOf(
      values.map((_, i) => i * stepMs),
      values,
    )
  const unknown = Number.NaN

  it.each<[string, number[], number | null, boolean]>([
    ["grows steadily", [0, 100, 200, 300, 400], 10, false],
    ["what lies before the last minute does not count", [0, 9000, ...line(9000, 100, 7)], 10, false],
    ["stands still", [5, 5, 5, 5], 0, false],
    ["one sample tells nothing", [5], null, false],
    ["an unknown sample between two known ones is passed over", [0, unknown, 200, 300], 10, false],
    ["what was unknown until now makes a sum of it a lower bound", [unknown, unknown, 200], null, true],
    ["a commit that expired while it was unknown is no progress", [0, unknown, -1, 200, 300], 10, false],
    ["what is unknown now makes it a lower bound", [0, 100, 200, unknown], 10, true],
    ["nothing is known", [unknown, unknown, unknown], null, true],
    ["what went back is no growth", [1000, 1100, 0, 100], 10, false],
    ["a first commit is not the whole offset", [-1, -1, 50_000, 50_100], 10, false],
    ["there is no commit", [-1, -1, -1], null, false],
  ])("%s", (_, values, perSecond, partial) => {
    expect(every(values)).toEqual({ perSecond, partial })
  })

  it("looks at three samples where they are rarer than the window", () => {
    expect(every([0, 300_000, 600_000, 900_000], 300_000).perSecond).toBe(1000)
  })

  it("does not depend on where offsets begin, and grows with their scale", () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(1_000_000), fc.integer({ min: 1, max: 50 }), (rate, shift, scale) => {
        const base = at.map((ms) => (ms / 1000) * rate)
        expect(
          rateOf(
            at,
            base.map((value) => value + shift),
          ).perSecond,
        ).toBeCloseTo(rate, 3)
        expect(
          rateOf(
            at,
            base.map((value) => value * scale),
          ).perSecond,
        ).toBeCloseTo(rate * scale, 3)
      }),
    )
  })
})

describe("the sum of rates", () => {
  it.each([
    [[], { perSecond: null, partial: false }],
    [[known(3), known(4)], { perSecond: 7, partial: false }],
    [[known(3), { perSecond: null, partial: false }], { perSecond: 3, partial: false }],
    [[known(3), { perSecond: null, partial: true }], { perSecond: 3, partial: true }],
    [[{ perSecond: null, partial: true }], { perSecond: null, partial: true }],
  ])("of %j is %j", (rates, sum) => {
    expect(addRates(rates)).toEqual(sum)
  })

  it("is the same whether what is unknown is one partition or many, and in whatever order", () => {
    const rate = fc.record({ perSecond: fc.option(fc.nat(1000), { nil: null }), partial: fc.boolean() })
    fc.assert(
      fc.property(fc.array(rate), fc.array(rate), (one, other) => {
        expect(addRates([addRates(one), addRates(other)])).toEqual(addRates([...other, ...one]))
      }),
    )
  })
})

function known(perSecond: number) {
  return { perSecond, partial: false }
}

function line(from: number, step: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i * step)
}

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
    retention: { ms: 3_600_000, bytes: null, deletes: true, compacts: false },
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
      { retention: { ms: 3_600_000, bytes: null, deletes: false, compacts: false } },
      never,
    ],
    [
      "unlimited retention deletes nothing",
      { retention: { ms: null, bytes: null, deletes: true, compacts: false } },
      never,
    ],
    ["what is read is not lost", { unread: 0 }, never],
    ["without an age it cannot be known", { age: null }, null],
    [
      "size: the start comes nearer at 10 a second",
      { retention: { ms: null, bytes: 1, deletes: true, compacts: false }, startRate: 10 },
      5000,
    ],
    [
      "size: the group is faster than the start",
      { retention: { ms: null, bytes: 1, deletes: true, compacts: false }, startRate: 10, consumeRate: 11 },
      never,
    ],
  ])("%s", (_, facts, answer) => {
    expect(lostIn({ ...stopped, ...facts })).toBe(answer)
  })

  it("comes no earlier with longer retention, and no later with older messages", () => {
    fc.assert(
      fc.property(fc.nat(1e7), fc.nat(1e7), fc.nat(1e6), (retention, age, more) => {
        const now =
          lostIn({
            ...stopped,
            age,
            retention: { ms: retention, bytes: null, deletes: true, compacts: false },
          }) ?? 0
        const longer =
          lostIn({
            ...stopped,
            age,
            retention: { ms: retention + more, bytes: null, deletes: true, compacts: false },
          }) ?? 0
        const older =
          lostIn({
            ...stopped,
            age: age + more,
            retention: { ms: retention, bytes: null, deletes: true, compacts: false },
          }) ?? 0
        expect(longer).toBeGreaterThanOrEqual(now)
        expect(older).toBeLessThanOrEqual(now)
      }),
    )
  })
})
