import fc from "fast-check"
import { afterEach, describe, expect, it } from "vitest"
import { type Reading, readExpression } from "#app/ui/range/expression.ts"
import { describeRange, readRange, shifted, written, zoomedOut } from "#app/ui/range/range.ts"
import { isMoment } from "#server/moment.ts"

/** A Thursday. */
const NOW = Date.parse("2026-11-26T05:04:03.210Z")
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const from: Reading = { now: NOW, zone: "utc", end: "from" }
const to: Reading = { ...from, end: "to" }

const zone = process.env.TZ
afterEach(() => {
  process.env.TZ = zone
})

describe("a typed moment", () => {
  it.each<[text: string, start: string, end?: string]>([
    ["now", "2026-11-26T05:04:03.210Z"],
    ["now-6h", "2026-11-25T23:04:03.210Z"],
    ["now-1d+30m", "2026-11-25T05:34:03.210Z"],
    ["now+1h", "2026-11-26T06:04:03.210Z"],
    ["now-1M", "2026-10-26T05:04:03.210Z"],
    ["now-1y", "2025-11-26T05:04:03.210Z"],
    ["now/h", "2026-11-26T05:00:00.000Z", "2026-11-26T06:00:00.000Z"],
    ["now/d", "2026-11-26T00:00:00.000Z", "2026-11-27T00:00:00.000Z"],
    ["now-1w/w", "2026-11-16T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
    ["now/M", "2026-11-01T00:00:00.000Z", "2026-12-01T00:00:00.000Z"],
    ["now/y", "2026-01-01T00:00:00.000Z", "2027-01-01T00:00:00.000Z"],
    ["today", "2026-11-26T00:00:00.000Z", "2026-11-27T00:00:00.000Z"],
    [" Yesterday ", "2026-11-25T00:00:00.000Z", "2026-11-26T00:00:00.000Z"],
    ["2026-11-20", "2026-11-20T00:00:00.000Z", "2026-11-21T00:00:00.000Z"],
    ["2026-11-20 09:30", "2026-11-20T09:30:00.000Z"],
    ["2026-11-20T09:30:15", "2026-11-20T09:30:15.000Z"],
    ["2026-11-20T09:30:15+02:00", "2026-11-20T07:30:15.000Z"],
    ["4:30", "2026-11-26T04:30:00.000Z"],
    ["1764133200", "2025-11-26T05:00:00.000Z"],
    ["1764133200123", "2025-11-26T05:00:00.123Z"],
  ])("%j", (text, start, end = start) => {
    expect(new Date(readExpression(text, from)?.at ?? 0).toISOString()).toBe(start)
    expect(new Date(readExpression(text, to)?.at ?? 0).toISOString()).toBe(end)
  })

  it.each([
    "",
    "soon",
    "now-",
    "now-6",
    "now-6q",
    "now/",
    "6h",
    "2026-02-31",
    "2026-13-01",
    "25:00",
    "9:61",
    "20261126",
  ])("%j is none", (text) => {
    expect(readExpression(text, from)).toBeNull()
  })

  it("moves only where it is so long before now", () => {
    expect(readExpression("now-6h", from)?.moves).toBe(true)
    for (const text of ["now/d", "today", "yesterday", "2026-11-20", "04:30"])
      expect(readExpression(text, from)?.moves).toBe(false)
  })

  it("is read in the viewer's zone, or in UTC", () => {
    process.env.TZ = "America/New_York"
    const local = { ...from, zone: "local" } as const
    expect(readExpression("2026-11-20 09:30", local)?.at).toBe(Date.parse("2026-11-20T14:30:00Z"))
    // In New York it is still the evening of the 25th... of which today is made.
    expect(readExpression("today", local)?.at).toBe(Date.parse("2026-11-26T05:00:00Z"))
  })

  it("ends a day of 23 and one of 25 hours where the next begins", () => {
    process.env.TZ = "America/New_York"
    const of = (day: string, end: "from" | "to") =>
      readExpression(day, { now: NOW, zone: "local", end })?.at ?? Number.NaN
    expect((of("2026-03-08", "to") - of("2026-03-08", "from")) / HOUR).toBe(23)
    expect((of("2026-11-01", "to") - of("2026-11-01", "from")) / HOUR).toBe(25)
  })

  it("is a moment with a date or none, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom("local" as const, "utc" as const), (text, zone) => {
        const read = readExpression(text, { now: NOW, zone, end: "from" })
        expect(read === null || isMoment(read.at)).toBe(true)
      }),
    )
  })

  it("before now is as long before it as it says", () => {
    const sizes = { s: 1000, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY }
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.constantFrom("s", "m", "h", "d", "w"),
        (amount, unit: keyof typeof sizes) => {
          expect(readExpression(`now-${amount}${unit}`, from)?.at).toBe(NOW - amount * sizes[unit])
        },
      ),
    )
  })

  it("is written as it can be typed again, to the second", () => {
    for (const tz of ["UTC", "Asia/Kolkata", "America/New_York", "Pacific/Kiritimati"]) {
      process.env.TZ = tz
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), (seconds) => {
          const at = seconds * 1000
          const back = readExpression(written(at, "local"), { now: NOW, zone: "local", end: "from" })?.at
          // An hour that the clock shows twice is read as one of the two.
          expect(Math.abs((back ?? Number.NaN) - at) % HOUR).toBe(0)
          expect(readExpression(written(at, "utc"), from)?.at).toBe(at)
        }),
      )
    }
  })

  it("of a whole unit contains every moment in it", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.constantFrom("s", "m", "h", "d", "w", "M", "y"),
        (now, unit) => {
          const start = readExpression(`now/${unit}`, { now, zone: "utc", end: "from" })?.at ?? Number.NaN
          const end = readExpression(`now/${unit}`, { now, zone: "utc", end: "to" })?.at ?? Number.NaN
          expect(start).toBeLessThanOrEqual(now)
          expect(end).toBeGreaterThan(now)
        },
      ),
    )
  })
})

describe("a range", () => {
  const on = { now: NOW, zone: "utc" } as const

  it("follows now only where it ends now", () => {
    expect(readRange({ from: "yesterday", to: "now" }, on).moving).toBe(true)
    expect(readRange({ from: "yesterday", to: "yesterday" }, on).moving).toBe(false)
  })

  it.each([
    [{ from: "now-6h", to: "now" }, "Last 6 hours"],
    [{ from: "now-45m", to: "now" }, "Last 45 minutes"],
    [{ from: "yesterday", to: "yesterday" }, "Yesterday"],
    [{ from: "2026-11-20T09:00:00Z", to: "2026-11-20T10:30:00Z" }, "11-20 09:00 – 10:30"],
    [{ from: "2026-11-20T09:00:00Z", to: "2026-11-21T10:30:00Z" }, "11-20 09:00 – 11-21 10:30"],
    [{ from: "2025-11-20T09:00:00Z", to: "now" }, "2025-11-20 09:00 – now"],
  ])("%j is in words %j", (text, words) => {
    expect(describeRange(text, on)).toBe(words)
  })

  it("shifts by half of itself, and never beyond now", () => {
    const hour = { from: NOW - 2 * HOUR, to: NOW - HOUR }
    expect(shifted(hour, -1, NOW)).toEqual({ from: NOW - 2.5 * HOUR, to: NOW - 1.5 * HOUR })
    expect(shifted(hour, 1, NOW)).toEqual({ from: NOW - 1.5 * HOUR, to: NOW - 0.5 * HOUR })
    expect(shifted({ from: NOW - HOUR, to: NOW }, 1, NOW)).toEqual({ from: NOW - HOUR, to: NOW })
  })

  it("zooms out to twice its length around its middle, and never beyond now", () => {
    const hour = { from: NOW - 3 * HOUR, to: NOW - 2 * HOUR }
    expect(zoomedOut(hour, NOW)).toEqual({ from: NOW - 3.5 * HOUR, to: NOW - 1.5 * HOUR })
    expect(zoomedOut({ from: NOW - HOUR, to: NOW }, NOW)).toEqual({ from: NOW - 2 * HOUR, to: NOW })
  })
})
