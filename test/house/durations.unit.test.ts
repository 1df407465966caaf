import { describe, expect, it } from "vitest"
import { exactSpan, roughSpan, shortSpan } from "#server/durations.ts"

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
})
