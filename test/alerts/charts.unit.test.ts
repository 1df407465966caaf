import { expect, it } from "vitest"
import { drawChart } from "#server/alerts/charts/draw.ts"
import { toPng } from "#server/alerts/charts/png.ts"
import type { Chart } from "#server/alerts/charts/read.ts"

const MINUTE = 60_000

const chart = (values: (number | null)[], over: Partial<Chart> = {}): Chart => ({
  ...{ label: "Lag", unit: "messages", resolvedAt: null },
  from: 0,
  to: values.length * MINUTE,
  points: values.map((value, i) => ({ at: i * MINUTE, value })),
  thresholds: [10],
  firedAt: 2 * MINUTE,
  description: "",
  ...over,
})

it("draws a line for each stretch that is known, the thresholds, and since when it fires", () => {
  const svg = drawChart(chart([1, 5, 20, null, 30, 40], { thresholds: [10, 2] }))
  expect(svg.match(/<polyline/g)).toHaveLength(2)
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(2)
  expect(svg).not.toContain("NaN")
  expect(svg).not.toContain("<text")
})

it.each([
  ["one value for all", [7, 7]],
  ["nothing but zero", [0, 0]],
  ["below zero", [-5, -1]],
  ["very large", [1e15, 2e15]],
])("fits what is %s into the picture", (_, values) => {
  const numbers = [...drawChart(chart(values, { thresholds: [] })).matchAll(/points="([^"]+)"/g)]
  const points = numbers.flatMap(([, text = ""]) =>
    text.split(" ").map((point) => point.split(",").map(Number)),
  )
  for (const [x = -1, y = -1] of points) {
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x).toBeLessThanOrEqual(560)
    expect(y).toBeGreaterThanOrEqual(0)
    expect(y).toBeLessThanOrEqual(120)
  }
})

it("is a PNG of twice the size, or nothing where nothing renders it", async () => {
  const png = await toPng(drawChart(chart([1, 5, 20])))
  if (png === null) return
  expect(png.subarray(0, 8).toString("hex")).toBe("89504e470d0a1a0a")
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1120, 240])
  expect(png.length).toBeLessThan(20_000)
})
