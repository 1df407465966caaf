import { DDSketch } from "@datadog/sketches-js"
import { expect, it } from "vitest"
import { Sketch } from "#server/traces/calls/sketch.ts"
import { seededRandom } from "#test/random.ts"

const QUANTILES = [0, 0.01, 0.5, 0.9, 0.95, 0.99, 0.999, 1]

/** Durations from a microsecond to a minute, with a long tail. */
function durations(count: number): number[] {
  const random = seededRandom("durations")
  return Array.from({ length: count }, () => Math.floor(1000 + 6e10 * random() ** 6))
}

it("tells quantiles within 1 % of the true ones, as the reference implementation does", () => {
  const values = durations(20_000)
  const own = new Sketch()
  const reference = new DDSketch({ relativeAccuracy: 0.01 })
  for (const value of values) {
    own.add(value)
    reference.accept(value)
  }
  const sorted = values.toSorted((a, b) => a - b)
  for (const share of QUANTILES) {
    const told = own.quantile(share) ?? 0
    const truth = sorted[Math.floor(share * (values.length - 1))] ?? 0
    expect(Math.abs(told - truth) / truth, `of ${share}`).toBeLessThanOrEqual(0.0100001)
    expect(told / reference.getValueAtQuantile(share), `of ${share}`).toBeCloseTo(1, 6)
  }
})

it("is the same whether it saw all, or is the sum of parts that were stored", () => {
  const values = durations(5000)
  const whole = new Sketch()
  const sum = new Sketch()
  for (let i = 0; i < values.length; i += 100) {
    const part = new Sketch()
    for (const value of values.slice(i, i + 100)) {
      part.add(value)
      whole.add(value)
    }
    sum.addBytes(part.toBytes())
  }
  expect(sum.count).toBe(5000)
  expect(sum.toBytes()).toEqual(whole.toBytes())
  expect(QUANTILES.map((share) => sum.quantile(share))).toEqual(
    QUANTILES.map((share) => whole.quantile(share)),
  )
})

it("is small, takes a duration of nothing, and has no quantile without calls", () => {
  const one = new Sketch()
  one.add(0)
  expect(one.toBytes()).toHaveLength(2)
  expect(one.quantile(0.5)).toBeCloseTo(1, 1)
  expect(new Sketch().quantile(0.5)).toBeNull()
})
