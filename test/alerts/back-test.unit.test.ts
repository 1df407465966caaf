import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { withGaps } from "#server/alerts/back-test/from-changes.ts"
import { gapsIn } from "#server/alerts/back-test/gaps.ts"
import { intervalsOf, Spans } from "#server/alerts/back-test/intervals.ts"
import { Tally } from "#server/alerts/back-test/tally.ts"
import { rule } from "#server/alerts/rule.ts"

const MINUTE = 60_000

describe("gaps of history", () => {
  it("are the minutes between two samples, from the interval after the first to the second", () => {
    const of = { stepMs: MINUTE, intervalMs: 10_000 }
    const minute = (n: number) => n * MINUTE + 50_000
    expect(gapsIn([minute(1), minute(2), minute(3)], of)).toEqual([])
    expect(gapsIn([minute(1), minute(3)], of)).toEqual([{ from: 2 * MINUTE, to: minute(3) }])
    // A cluster that is sampled every five minutes has none between its samples.
    expect(gapsIn([0, 5 * MINUTE, 10 * MINUTE], { stepMs: MINUTE, intervalMs: 5 * MINUTE })).toEqual([])
    expect(gapsIn([0, 10 * MINUTE], { stepMs: MINUTE, intervalMs: 5 * MINUTE })).toEqual([
      { from: 5 * MINUTE, to: 10 * MINUTE },
    ])
  })

  it("make what was known before unknown, until it is known again", () => {
    const changes = { at: [0, 10, 50], values: ["ok", "stopped", "ok"] }
    expect(withGaps(changes, [{ from: 20, to: 30 }])).toEqual({
      at: [0, 10, 20, 30, 50],
      values: ["ok", "stopped", null, "stopped", "ok"],
    })
    // What changed meanwhile is known from the end of the gap on.
    expect(withGaps(changes, [{ from: 40, to: 60 }])).toEqual({
      at: [0, 10, 40, 60],
      values: ["ok", "stopped", null, "ok"],
    })
    expect(withGaps({ at: [], values: [] }, [{ from: 20, to: 30 }])).toEqual({ at: [], values: [] })
  })
})

it("counts of a series are those of its intervals, though none of them is kept", () => {
  const tried = fc
    .record({
      threshold: fc.integer({ min: -3, max: 3 }),
      forMs: fc.constantFrom(0, MINUTE, 3 * MINUTE),
      keepFiringForMs: fc.constantFrom(0, MINUTE),
      missing: fc.constantFrom("keep" as const, "alert" as const, "resolve" as const),
    })
    .map(({ threshold, ...more }) =>
      rule.parse({
        ...{ name: "Tried", signal: "lag", severity: "info", ...more },
        condition: { op: ">", threshold },
      }),
    )
  const values = fc.array(fc.option(fc.integer({ min: -5, max: 5 })), { maxLength: 80 })
  fc.assert(
    fc.property(tried, values, (one, history) => {
      const samples = history.map((value, i) => ({ at: i * MINUTE, value }))
      const to = history.length * MINUTE
      const [tally, spans] = [new Tally(), new Spans()]
      for (const sample of samples) {
        tally.take(sample, one)
        spans.mark(sample.at, tally.state === "firing")
      }
      const firing = intervalsOf(samples, one).filter(({ state }) => state === "firing")
      const lasted = firing.map((each) => (each.to ?? to) - each.from)
      expect(tally.fired).toBe(firing.length)
      expect(tally.firingMs(to)).toBe(lasted.reduce((sum, ms) => sum + ms, 0))
      expect(tally.short).toBe(
        firing.filter((each, i) => each.to !== null && (lasted[i] ?? 0) < 2 * MINUTE).length,
      )
      expect(spans.all()).toEqual(firing.map(({ from, to: end }) => ({ from, to: end })))
    }),
    { numRuns: 1000 },
  )
})
