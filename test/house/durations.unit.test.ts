import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { exactSpan, readSpan, roughSpan, shortSpan, writeSpan } from "#server/durations.ts"

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe("a span of time", () => {
  it.each([
    [0, "0 s", "1 second", "0 days"],
    [250, "250 ms", "1 second", "250 ms"],
    [SECOND, "1 s", "1 second", "1 second"],
    [89 * SECOND, "1 m 29 s", "89 seconds", "89 seconds"],
    [90 * SECOND, "1 m 30 s", "2 minutes", "90 seconds"],
    [90 * MINUTE, "1 h 30 m", "1 h 30 min", "90 minutes"],
    [3 * HOUR, "3 h", "3 h", "3 hours"],
    [11 * HOUR + 20 * MINUTE, "11 h 20 m", "11 h", "680 minutes"],
    [47 * HOUR, "47 h", "47 h", "47 hours"],
    [2 * DAY, "2 d", "2 days", "2 days"],
    [1500 * DAY, "1500 d", "1,500 days", "1,500 days"],
  ])("%d ms", (ms, short, rough, exact) => {
    expect([shortSpan(ms), roughSpan(ms), exactSpan(ms)]).toEqual([short, rough, exact])
  })

  it("that a file has is read as it was written", () => {
    expect([0, 250, 90_000, 90 * MINUTE, 2 * DAY].map(writeSpan)).toEqual([
      "0s",
      "250ms",
      "1m30s",
      "1h30m",
      "2d",
    ])
    expect(["5m", "1h 30m", "1.5 s", "250", " 7 d "].map(readSpan)).toEqual([
      300_000,
      5_400_000,
      1500,
      250,
      7 * DAY,
    ])
    expect(["", "soon", "5", "m", "-5m", "5 m x", "1e3"].map(readSpan)).toEqual([
      null,
      null,
      5,
      null,
      null,
      null,
      null,
    ])
    fc.assert(fc.property(fc.maxSafeNat(), (ms) => readSpan(writeSpan(ms)) === ms))
  })

  it("without end is never", () => expect(shortSpan(Number.POSITIVE_INFINITY)).toBe("never"))
})
