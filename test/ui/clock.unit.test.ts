import { expect, it } from "vitest"
import { clock } from "../../app/ui/chart/prepare.ts"

const at = (day: number, hour: number, minute = 0) => new Date(2026, 10, day, hour, minute).getTime() / 1000
const NOW = new Date(2026, 10, 21, 12)
const day = (of: number) =>
  new Date(2026, 10, of).toLocaleDateString(undefined, { day: "numeric", month: "short" })

it("ticks of today are times alone", () => {
  expect(clock([at(21, 9), at(21, 10)], 3600, NOW)).toEqual(["09:00", "10:00"])
})

it("a range of another day says which, once", () => {
  expect(clock([at(20, 9), at(20, 10)], 3600, NOW)).toEqual([`09:00\n${day(20)}`, "10:00"])
})

it("a day that begins within the range is named where it begins", () => {
  expect(clock([at(20, 18), at(21, 0), at(21, 6)], 21_600, NOW)).toEqual([
    `18:00\n${day(20)}`,
    `00:00\n${day(21)}`,
    "06:00",
  ])
})

it("ticks that are days apart are days; ticks within a minute have seconds", () => {
  expect(clock([at(20, 0), at(21, 0)], 86_400, NOW)).toEqual([day(20), day(21)])
  expect(clock([at(21, 9)], 10, NOW)).toEqual(["09:00:00"])
})
