import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { isActive, type Recurrence, spansWithin } from "#server/alerts/silences/window.ts"

const MINUTE = 60_000
const HALF_HOUR = 30 * MINUTE
const DAY = 1440 * MINUTE
/** Clocks that are changed in spring and autumn, on both halves of the earth, by an hour and by half of one, at midnight too; and that never are. */
const ZONES = [
  "Europe/Berlin",
  "America/Santiago",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
]
const YEAR = { from: Date.parse("2026-01-01T00:00Z"), to: Date.parse("2027-01-01T00:00Z") }

const recurrence = fc.record({
  timeZone: fc.constantFrom(...ZONES),
  days: fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 7 }),
  start: fc
    .tuple(
      fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 23 })),
      fc.integer({ min: 0, max: 59 }),
    )
    .map(([hour, minute]) => `${pad(hour)}:${pad(minute)}`),
  minutes: fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 7 * 1440 })),
})
const moment = fc
  .integer({ min: YEAR.from / MINUTE, max: YEAR.to / MINUTE })
  .map((minutes) => minutes * MINUTE)

const weekly = (one: Recurrence) => ({ startsAt: 0, endsAt: null, recurrence: one })

describe("a weekly window", () => {
  it("begins once on each of its days, when the clocks of its zone show its time, and lasts its minutes", () => {
    fc.assert(
      fc.property(recurrence, moment, (one, from) => {
        const found = spansWithin(weekly(one), { from, to: from + 15 * DAY })
        const whole = found.filter((span) => span.from > from && span.to < from + 15 * DAY)
        for (const span of whole) expect(span.to - span.from).toBe(one.minutes * MINUTE)
        const begins = found.flatMap((span) => (span.from > from ? [span.from] : []))
        expect(begins).toEqual(byTheClock(one, { from: from + 1, to: from + 15 * DAY }))
      }),
      { numRuns: 150 },
    )
  })

  it("holds at a moment if, and only if, that is within one of its spans", () => {
    fc.assert(
      fc.property(recurrence, moment, (one, now) => {
        const spans = spansWithin(weekly(one), { from: now - 8 * DAY, to: now + 8 * DAY })
        for (const at of [now, ...spans.flatMap(({ from, to }) => [from - 1, from, to - 1, to])]) {
          const isWithin = spans.some(({ from, to }) => from <= at && at < to)
          if (Math.abs(at - now) < 7 * DAY) expect(isActive(weekly(one), at)).toBe(isWithin)
        }
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    // Clocks go from 02:00 to 03:00: what is skipped begins as much later.
    ["2026-03-29T01:29Z", false],
    ["2026-03-29T01:30Z", true],
    ["2026-03-29T02:29Z", true],
    ["2026-03-29T02:30Z", false],
    // They go from 03:00 to 02:00: 02:30 comes twice, and only the first is meant.
    ["2026-10-25T00:30Z", true],
    ["2026-10-25T01:29Z", true],
    ["2026-10-25T01:30Z", false],
  ])("of Sunday 02:30 in Berlin, for an hour, at %s: %s", (at, holds) => {
    const one = { timeZone: "Europe/Berlin", days: [0], start: "02:30", minutes: 60 }
    expect(isActive(weekly(one), Date.parse(at))).toBe(holds)
  })
})

/** Looked for in what the clocks of the zone show in each half hour of the year. */
function byTheClock({ timeZone, days, start }: Recurrence, span: { from: number; to: number }): number[] {
  const [hour = 0, minute = 0] = start.split(":").map(Number)
  const shown = halfHoursOf(timeZone)
  const begins: number[] = []
  for (let day = Math.floor(span.from / DAY) - 2; day <= span.to / DAY + 2; day++) {
    if (!days.includes(new Date(day * DAY).getUTCDay())) continue
    const wall = day * DAY + (hour * 60 + minute) * MINUTE
    const near = shown.filter(({ at }) => Math.abs(at - wall) < 2 * DAY)
    const exact = near.find(({ at, offset }) => at + offset <= wall && wall < at + offset + HALF_HOUR)
    const before = near.findLast(({ at, offset }) => at + offset < wall)
    const at = wall - ((exact ?? before)?.offset ?? Number.NaN)
    if (at >= span.from && at < span.to) begins.push(at)
  }
  return begins.sort((a, b) => a - b)
}

const known = new Map<string, { at: number; offset: number }[]>()

/** How far ahead of UTC the clocks of a zone are in each half hour; they are changed between two. */
function halfHoursOf(timeZone: string): { at: number; offset: number }[] {
  const found = known.get(timeZone)
  if (found) return found
  const format = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" })
  const all: { at: number; offset: number }[] = []
  for (let at = YEAR.from - 5 * DAY; at < YEAR.to + 25 * DAY; at += HALF_HOUR)
    all.push({ at, offset: Date.parse(`${format.format(at).replace(" ", "T")}Z`) - at })
  known.set(timeZone, all)
  return all
}

function pad(value: number): string {
  return String(value).padStart(2, "0")
}
