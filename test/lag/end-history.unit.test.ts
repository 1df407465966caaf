import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { EndHistory } from "#server/lag/end-history.ts"

const TEN_SECONDS = 10_000

describe("when the end offset passed an offset", () => {
  it("is interpolated between the two samples around it", () => {
    const history = new EndHistory()
    history.add(0, 100)
    history.add(TEN_SECONDS, 200)
    expect(history.passedAt(150)).toBeCloseTo(5050)
  })

  it("is unknown before the history begins and after its end", () => {
    const history = new EndHistory()
    history.add(0, 100)
    history.add(TEN_SECONDS, 200)
    expect(history.passedAt(99)).toBeNull()
    expect(history.passedAt(200)).toBeNull()
  })

  it("lies in the burst after a quiet time, not in the quiet time", () => {
    const history = new EndHistory()
    for (let i = 0; i <= 100; i++) history.add(i * TEN_SECONDS, 5)
    history.add(101 * TEN_SECONDS, 105)
    expect(history.passedAt(5)).toBeGreaterThan(100 * TEN_SECONDS)
  })

  it("starts anew when the end goes back, as after a truncation", () => {
    const history = new EndHistory()
    history.add(0, 1000)
    history.add(TEN_SECONDS, 2000)
    history.add(2 * TEN_SECONDS, 10)
    expect(history.passedAt(1500)).toBeNull()
    expect(history.knots).toBe(1)
  })

  it("stays within one sampling interval of the truth, however uneven the traffic", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { minLength: 3, maxLength: 55 }), (grown) => {
        const history = new EndHistory()
        const samples = [{ at: 0, end: 0 }]
        history.add(0, 0)
        grown.forEach((messages, i) => {
          const last = samples.at(-1) ?? { at: 0, end: 0 }
          samples.push({ at: (i + 1) * TEN_SECONDS, end: last.end + messages })
          history.add((i + 1) * TEN_SECONDS, last.end + messages)
        })
        const end = samples.at(-1)?.end ?? 0
        for (let offset = 0; offset < end; offset += Math.max(1, Math.floor(end / 20))) {
          const after = samples.find((sample) => sample.end > offset)?.at ?? 0
          const passed = history.passedAt(offset)
          expect(passed).not.toBeNull()
          expect(Math.abs((passed ?? 0) - (after - TEN_SECONDS / 2))).toBeLessThanOrEqual(TEN_SECONDS)
        }
      }),
    )
  })

  it("keeps a bounded number of points for a day of uneven samples, and still knows the morning", () => {
    const history = new EndHistory()
    let end = 0
    for (let i = 0; i < 8640; i++) {
      end += (i * 7919) % 97
      history.add(i * TEN_SECONDS, end)
    }
    expect(history.knots).toBeLessThanOrEqual(128)
    const halfWay = history.passedAt(end / 2)
    expect(Math.abs((halfWay ?? 0) - 43_200_000)).toBeLessThan(600_000)
  })
})
