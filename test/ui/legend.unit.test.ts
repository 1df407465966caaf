import { describe, expect, it } from "vitest"
import { prepareChart } from "#app/ui/chart/prepare.ts"
import { statsOf, toggled } from "#app/ui/chart/stats.ts"

describe("the legend of a chart", () => {
  it("says the last known value, the least, the highest and the mean of what is known", () => {
    expect(statsOf([4, null, 1, 7, null])).toEqual({ last: 7, min: 1, max: 7, avg: 4 })
    expect(statsOf([-2, 0])).toEqual({ last: 0, min: -2, max: 0, avg: -1 })
  })

  it("says nothing of a line of which nothing is known, least of all zero", () => {
    expect(statsOf([null, null])).toEqual({ last: null, min: null, max: null, avg: null })
  })

  it("hides a line and shows it again", () => {
    const all = ["produced", "consumed", "lost"]
    const once = toggled(new Set(), "consumed", { all, only: false })
    expect([...once]).toEqual(["consumed"])
    expect([...toggled(once, "consumed", { all, only: false })]).toEqual([])
  })

  it("shows one line alone, and all again when that is asked once more", () => {
    const all = ["produced", "consumed", "lost"]
    const alone = toggled(new Set(["produced"]), "produced", { all, only: true })
    expect([...alone]).toEqual(["consumed", "lost"])
    expect([...toggled(alone, "lost", { all, only: true })]).toEqual(["produced", "consumed"])
    expect([...toggled(alone, "produced", { all, only: true })]).toEqual([])
  })
})

describe("gaps of a chart", () => {
  const at = [10_000, 20_000, 30_000, 40_000, 50_000]
  const line = (values: (number | null)[], dashed = false) => ({ name: "lag", tone: "red", values, dashed })

  it("reach from the last known moment to the next, and are none before the first or after the last", () => {
    const model = prepareChart({ unit: "messages", at, lines: [line([null, 1, null, 3, null])] })
    expect(model.gaps).toEqual([[20, 40]])
  })

  it("are no gaps where another line is known, unless it is a forecast", () => {
    const lag = line([1, null, null, 4, 5])
    expect(prepareChart({ unit: "rate", at, lines: [lag, line([1, 2, 3, 4, 5])] }).gaps).toEqual([])
    expect(prepareChart({ unit: "rate", at, lines: [lag, line([1, 2, 3, 4, 5], true)] }).gaps).toEqual([
      [10, 40],
    ])
  })
})
