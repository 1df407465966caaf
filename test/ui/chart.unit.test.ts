import { describe, expect, it } from "vitest"
import { lonely, prepareChart } from "#app/ui/chart/prepare.ts"
import { readRange } from "#app/ui/range/range.ts"

const NOW = Date.parse("2026-11-26T05:00:00Z")
const HOUR = 3_600_000

describe("the range of a page", () => {
  it.each<[string, { from: string; to: string }, object]>([
    [
      "moves with now",
      { from: "now-6h", to: "now" },
      { from: NOW - 6 * HOUR, to: NOW, moving: true, problem: null },
    ],
    [
      "is two moments",
      { from: "2026-11-26T03:00:00Z", to: "2026-11-26T04:00:00Z" },
      { from: NOW - 2 * HOUR, to: NOW - HOUR, moving: false, problem: null },
    ],
    [
      "says that its start is after its end",
      { from: "2026-11-26T04:00:00Z", to: "2026-11-26T03:00:00Z" },
      { from: NOW - HOUR, to: NOW - 2 * HOUR, problem: { kind: "reversed" } },
    ],
    [
      "says so of a start that is to come",
      { from: "2026-11-26T06:00:00Z", to: "now" },
      { problem: { kind: "reversed" } },
    ],
    [
      "says what is not a time",
      { from: "last tuesday", to: "now" },
      { problem: { kind: "invalid", text: "last tuesday" } },
    ],
    [
      "says so of the other end, too",
      { from: "2026-11-26T03:00:00Z", to: "soon" },
      { from: NOW - HOUR, to: NOW, problem: { kind: "invalid", text: "soon" } },
    ],
  ])("%s", (_, state, expected) => {
    expect(readRange(state, { now: NOW, zone: "utc" })).toMatchObject(expected)
  })
})

describe("a prepared chart", () => {
  const line = { name: "lag", tone: "red", values: [1, null, 3] }
  const at = [NOW - 20_000, NOW - 10_000, NOW]

  it("spans its range, and tells from when on there is history", () => {
    const range = { from: NOW - HOUR, to: NOW + HOUR }
    const model = prepareChart({ unit: "messages", at, lines: [line], range, begins: NOW - 20_000 })
    expect(model.span).toEqual([(NOW - HOUR) / 1000, (NOW + HOUR) / 1000])
    expect(model.begins).toBe((NOW - 20_000) / 1000)
  })

  it("shades nothing where history reaches back", () => {
    const model = prepareChart({
      unit: "rate",
      at,
      lines: [line],
      range: { from: NOW - 20_000, to: NOW },
      begins: 0,
    })
    expect(model.begins).toBeNull()
  })

  it.each([
    [
      [1, null, 3],
      [0, 2],
    ],
    [[null, 2, 3], []],
    [[5], [0]],
    [[null, 0, null], [1]],
    [[], []],
  ])("draws a value without a neighbour as a point: %j", (values, points) => {
    expect(lonely(values)).toEqual(points)
  })
})

it("keeps the examples of its range, and does not grow for them", () => {
  const line = { name: "p99", tone: "", values: [1, 2] }
  const example = { value: 900, label: "slowest call", href: "/traces/1" }
  const examples = [NOW - 10, NOW, NOW + 5000].map((at) => ({ ...example, at }))
  const chart = { unit: "latency" as const, at: [NOW, NOW + 1000], lines: [line] }
  const model = prepareChart({ ...chart, examples })
  expect(model.examples.map(({ at }) => at)).toEqual([NOW])
  expect(model.top).toBe(prepareChart(chart).top)
})
