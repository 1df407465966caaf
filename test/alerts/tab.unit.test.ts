import { describe, expect, it } from "vitest"
import { badgedIcon, prefixOf, titled, worstOf } from "#app/(console)/alerts/tab/state-icon.ts"
import { placeOf, type TimelineAlert, toRows } from "#app/(console)/alerts/timeline/rows.ts"

describe("the tab of the browser", () => {
  it("has the number of what fires before its title, and only while something does", () => {
    expect(prefixOf(0)).toBe("")
    expect(titled("Lag · Signalbox", { before: "", firing: 3 })).toBe("(3) Lag · Signalbox")
    expect(titled("(3) Lag · Signalbox", { before: "(3) ", firing: 0 })).toBe("Lag · Signalbox")
    // A topic may be called so.
    expect(titled("(3) topics · Signalbox", { before: "", firing: 0 })).toBe("(3) topics · Signalbox")
  })

  it("has a number on its icon, in the colour of the worst", () => {
    expect(worstOf(undefined)).toBeNull()
    expect(worstOf({ critical: 0, warning: 0, info: 0 })).toBeNull()
    expect(worstOf({ critical: 0, warning: 2, info: 9 })).toBe("warning")
    const icon = decodeURIComponent(badgedIcon(12, "critical"))
    expect(icon).toMatch(/^data:image\/svg\+xml,<svg .*#c2271c.*>9\+<\/text><\/svg>$/)
    expect(icon).not.toMatch(/animate|style/)
  })
})

describe("the timeline", () => {
  const alert = (id: string, of: Partial<TimelineAlert>): TimelineAlert => ({
    ...{ id, rule: "lags", ruleName: "Lags", severity: "warning", series: "a", name: "billing" },
    ...{ cluster: "eu", sentence: "", parts: [], ...of },
  })

  it("has a line for each series under its rule, with its alerts in order of time", () => {
    const rows = toRows([
      alert("4", { rule: "lost", ruleName: "Lost" }),
      alert("3", {}),
      alert("2", { series: "b", name: "shipping" }),
      alert("1", {}),
    ])
    expect(
      rows.map(({ name, series }) => [name, series.map((one) => [one.name, one.alerts.map(({ id }) => id)])]),
    ).toEqual([
      ["Lost", [["billing", ["4"]]]],
      [
        "Lags",
        [
          ["billing", ["1", "3"]],
          ["shipping", ["2"]],
        ],
      ],
    ])
  })

  it("shows of each span what is within the range, and never too little to be seen", () => {
    const within = { from: 1000, to: 2000 }
    expect(placeOf({ from: 1500, to: null }, within)).toEqual({ left: "50%", width: "50%" })
    expect(placeOf({ from: 0, to: 1250 }, within)).toEqual({ left: "0%", width: "25%" })
    expect(placeOf({ from: 2000, to: null }, within)).toEqual({ left: "99.6%", width: "0.4%" })
  })
})
