import fc from "fast-check"
import { expect, it } from "vitest"
import { GROUP_STATUSES } from "#server/group-status.ts"
import { statusBands } from "#server/lag/status-bands.ts"

const STEP = 10
const status = fc.constantFrom(...GROUP_STATUSES)

const histories = fc.record({
  changes: fc
    .uniqueArray(fc.record({ at: fc.integer({ min: -50, max: 120 }), status }), { selector: ({ at }) => at })
    .map((changes) => changes.toSorted((a, b) => a.at - b.at)),
  sampled: fc.array(fc.boolean(), { minLength: 1, maxLength: 12 }),
})

it("each bucket has the worst status that held within it, and none where there was no sample", () => {
  fc.assert(
    fc.property(histories, ({ changes, sampled }) => {
      const at = sampled.map((_, i) => (i + 1) * STEP)
      const sampledAt = sampled.map((is, i) => (is ? (i + 1) * STEP : null))
      const bands = statusBands(changes, { at, sampledAt, stepMs: STEP })
      const heldAt = (moment: number) => changes.findLast((change) => change.at <= moment)?.status ?? null
      const expected = at.map((to, i) => {
        if (!sampled[i]) return null
        // A bucket is open at its begin, so the status at that very moment counts: it holds right after it.
        const held = Array.from({ length: STEP + 1 }, (_, ms) => heldAt(to - STEP + ms))
        return held.reduce<(typeof held)[number]>((worst, one) => {
          if (one === null) return worst
          return worst === null || GROUP_STATUSES.indexOf(one) > GROUP_STATUSES.indexOf(worst) ? one : worst
        }, null)
      })
      const shown = at.map((to) => bands.find((band) => band.from < to && to <= band.to)?.status ?? null)
      expect(shown).toEqual(expected)
      for (const [i, band] of bands.entries()) {
        const before = bands[i - 1]
        expect(band.from).toBe(before?.to ?? 0)
        expect(band.status).not.toBe(before?.status)
      }
      expect(bands.at(-1)?.to).toBe(at.at(-1))
    }),
  )
})

it("of no buckets there are no bands", () => {
  expect(statusBands([{ at: 0, status: "ok" }], { at: [], sampledAt: [], stepMs: STEP })).toEqual([])
})
