import { describe, expect, it } from "vitest"
import { EndCurve, heldUntil } from "#server/lag/end-curve.ts"

const STEP = 10_000

/** The curve of a partition whose end each sweep found so; a row is stored only where it changed. */
function curveOf(ends: (number | null)[]): EndCurve {
  const changed = ends.flatMap((end, i) => (i > 0 && end === ends[i - 1] ? [] : [i]))
  const at = changed.map((i) => i * STEP)
  const sweeps = ends.map((_, i) => i * STEP)
  return new EndCurve({ at, ends: changed.map((i) => [ends[i] ?? null]) }, 0, heldUntil(at, sweeps))
}

describe("when the end of a log passed an offset, by the rows of a chart", () => {
  it("lies after a quiet time of which no row was written, not in it", () => {
    const curve = curveOf([100, 100, 100, 100, 100, 110])
    expect(curve.passedAt(100, 5 * STEP)).toBeGreaterThan(4 * STEP)
    expect(curve.passedAt(109, 5 * STEP)).toBeLessThanOrEqual(5 * STEP)
  })

  it("lies after the last sweep that knew the end, where it was unknown in between", () => {
    const curve = curveOf([100, 100, null, null, 110])
    const passed = curve.passedAt(100, 4 * STEP)
    expect(passed).toBeGreaterThan(STEP)
    expect(passed).toBeLessThan(4 * STEP)
    expect(passed).toBeCloseTo(STEP + (3 * STEP) / 20)
  })

  it("is not known in a gap that is wider than asked for", () => {
    const at = [0, 60_000, 2_460_000]
    const curve = new EndCurve({ at, ends: [[0], [100], [200]] }, 0, at)
    expect(curve.passedAt(50, 2_460_000, 120_000)).toBeCloseTo(30_300)
    expect(curve.passedAt(150, 2_460_000, 120_000)).toBeNull()
    expect(curve.passedAt(150, 2_460_000)).toBeGreaterThan(60_000)
  })

  it("is looked up in the life of the log that the moment belongs to", () => {
    const curve = curveOf([100, 200, 200, 50, 50, 250])
    expect(curve.passedAt(150, 2 * STEP)).toBeLessThan(STEP)
    expect(curve.passedAt(150, 5 * STEP)).toBeGreaterThan(4 * STEP)
  })
})
