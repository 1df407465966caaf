import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { heldWithin, partsOf } from "#server/alerts/queries/alert-parts.ts"
import { isActive, type Silence, spansWithin } from "#server/alerts/silences/window.ts"

const MINUTE = 60_000
const DAY = 1440 * MINUTE
const start = Date.UTC(2026, 5, 1)

describe("when a silence held", () => {
  it("is every moment at which it was active, weekly windows too", () => {
    const windows = fc.record({
      // Of zones that change no clocks, or not within these days.
      timeZone: fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kathmandu", "America/New_York"),
      days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
      start: fc
        .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
        .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`),
      minutes: fc.integer({ min: 1, max: 3000 }),
    })
    const silences = fc.record({
      startsAt: fc.integer({ min: -2, max: 2 }).map((day) => start + day * DAY),
      endsAt: fc.option(fc.integer({ min: 3, max: 8 }).map((day) => start + day * DAY)),
      recurrence: fc.option(windows),
    })
    fc.assert(
      fc.property(silences, fc.integer({ min: 0, max: 6 * 1440 }), (silence, minute) => {
        const at = start + minute * MINUTE + 500
        const spans = spansWithin(silence, { from: start, to: start + 6 * DAY })
        const isWithin = spans.some(({ from, to }) => from <= at && at < to)
        expect(isWithin).toBe(at < start + 6 * DAY && isActive(silence, at))
      }),
      { numRuns: 500 },
    )
  })
})

describe("the parts of an alert", () => {
  const span = { from: start, to: start + 100 * MINUTE }
  const at = (minute: number) => start + minute * MINUTE
  const silence: Silence = {
    ...{ id: "s", clusters: [], recurrence: null, matchers: [{ label: "group", op: "=", value: "billing" }] },
    ...{ startsAt: at(20), endsAt: at(30) },
  }
  const episode = { startedAt: at(5), firedAt: at(10), resolvedAt: null, labels: { group: "billing" } }
  const held = heldWithin([silence], span)

  it("are what it was, as long as it lasted", () => {
    const events = [
      { at: at(12), kind: "acknowledged" },
      { at: at(14), kind: "unacknowledged" },
      { at: at(50), kind: "acknowledged" },
    ]
    expect(partsOf({ ...episode, state: "firing", events }, held, span)).toEqual([
      { state: "pending", from: at(5), to: at(10) },
      { state: "firing", from: at(10), to: null },
      { state: "acknowledged", from: at(12), to: at(14) },
      { state: "acknowledged", from: at(50), to: null },
      { state: "silenced", from: at(20), to: at(30) },
    ])
    const over = { ...episode, state: "resolved", resolvedAt: at(25), events: [] }
    expect(partsOf(over, held, span)).toEqual([
      { state: "pending", from: at(5), to: at(10) },
      { state: "firing", from: at(10), to: at(25) },
      { state: "silenced", from: at(20), to: at(25) },
    ])
  })

  it("are silenced by what is about it alone, and only while it fires", () => {
    const other = { ...episode, state: "firing", events: [], labels: { group: "shipping" } }
    expect(partsOf(other, held, span).map((one) => one.state)).toEqual(["pending", "firing"])
    const pending = { ...episode, state: "pending", firedAt: null, events: [] }
    expect(partsOf(pending, held, span)).toEqual([{ state: "pending", from: at(5), to: null }])
  })
})
