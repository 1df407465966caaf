import { afterEach, expect, it } from "vitest"
import { fromLocal, toLocal } from "#app/ui/format.ts"
import { readRange } from "#app/ui/range/range.ts"
import { isMoment, parseMoment } from "#server/moment.ts"
import { strategyOf } from "../../app/(console)/clusters/[cluster]/groups/[group]/offsets/asked.ts"

const zone = process.env.TZ
afterEach(() => {
  process.env.TZ = zone
})

const EDGES = [
  "+275760-09-13T00:00:00.000Z",
  "-271821-04-20T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "0001-01-01T00:00:00.000Z",
  "2026-11-26T12:00:00.000Z",
  "never",
  "",
]

it.each(["Pacific/Kiritimati", "Asia/Kolkata", "UTC", "Etc/GMT+12"])(
  "no address breaks a field of time in %s",
  (tz) => {
    process.env.TZ = tz
    for (const iso of EDGES) {
      const local = toLocal(iso)
      expect(local === "" || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(local)).toBe(true)
      const back = fromLocal(local)
      if (back !== null) expect(Math.abs(Date.parse(back) - Date.parse(iso))).toBeLessThan(1000)
      const range = readRange({ from: iso, to: iso }, { now: Date.now(), zone: "local" })
      expect([isMoment(range.from), isMoment(range.to)]).toEqual([true, true])
      const at = strategyOf({ ...ASKED, to: "time", at: iso })
      expect(typeof at === "string").toBe(parseMoment(iso) === null)
    }
    expect(toLocal("2026-11-26T12:00:00.000Z")).not.toBe("")
  },
)

const ASKED = { at: null, offset: null, by: null, back: 0, other: "", snapshot: null, csv: "" }

it("the other group is named as it was typed", () => {
  expect(strategyOf({ ...ASKED, to: "group", other: " padded " })).toEqual({
    kind: "group",
    group: " padded ",
  })
  expect(strategyOf({ ...ASKED, to: "group", other: " " })).toEqual({ kind: "group", group: " " })
})
