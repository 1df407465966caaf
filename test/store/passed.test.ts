import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { newSweepMemory, rollUp, transaction, whenEndPassed, writeSweep } from "#server/store/index.ts"
import { storeWorld } from "./world.ts"

const TEN_SECONDS = 10_000
const SWEEPS = 400

describe("when the end offset passed an offset", () => {
  it("is found as a search through every sweep finds it, rolled up or not", async () => {
    const to = Math.floor(Date.now() / 600_000) * 600_000 + 300_000
    const from = to - SWEEPS * TEN_SECONDS
    await using world = await storeWorld(to)
    const { store, clusterId } = world
    const ends = await growingEnds()
    const memory = newSweepMemory()
    for (const [i, end] of ends.entries()) {
      const sweep = { clusterId, at: from + i * TEN_SECONDS, ms: 1, commits: [] }
      const logs = [{ destinationId: 7, starts: [null, 0n], ends: [null, BigInt(end)] }]
      const written = await transaction(store, (client) => writeSweep(client, { ...sweep, logs }, memory))
      written.remember()
    }
    const last = ends.at(-1) ?? 0
    const requests = Array.from({ length: 60 }, (_, i) => ({
      destinationId: 7,
      partition: 1,
      offset: Math.floor((i * last) / 59),
    }))
    const expected = requests.flatMap((request) => {
      const after = ends.findIndex((end) => end > request.offset)
      return after > 0 ? { offset: request.offset, after: from + after * TEN_SECONDS, end: ends[after] } : []
    })
    expect(expected.length).toBeGreaterThan(30)
    for (const state of ["raw alone", "rolled up"]) {
      const found = await whenEndPassed(store, clusterId, requests)
      const seen = found.map((one) => ({ offset: one.offset, after: one.after.at, end: one.after.end }))
      expect(seen, state).toEqual(expected)
      for (const one of found) {
        expect(one.before.end).toBeLessThanOrEqual(one.offset)
        // Also after the end stood still for minutes, of which no row is written.
        expect(one.after.at - one.before.at).toBe(TEN_SECONDS)
      }
      await rollUp(store, to)
      await rollUp(store, to)
    }
  })

  it("is found from the roll-ups alone when the raw rows are gone", async () => {
    const to = Math.floor(Date.now() / 600_000) * 600_000
    await using world = await storeWorld(to)
    const { store, clusterId } = world
    const memory = newSweepMemory()
    for (let i = 0; i < 180; i++) {
      const sweep = { clusterId, at: to - 1_800_000 + i * TEN_SECONDS, ms: 1, commits: [] }
      const logs = [{ destinationId: 7, starts: [0n], ends: [BigInt(i * 10)] }]
      const written = await transaction(store, (client) => writeSweep(client, { ...sweep, logs }, memory))
      written.remember()
    }
    await rollUp(store, to + 60_000)
    await store.pool.query("truncate series.log_offsets")
    const ask = () => whenEndPassed(store, clusterId, [{ destinationId: 7, partition: 0, offset: 905 }])
    expect((await ask())[0]).toMatchObject({ before: { end: 890 }, after: { end: 950 } })
    await store.pool.query("truncate series.log_offsets_1m")
    expect((await ask())[0]).toMatchObject({ before: { end: 590 }, after: { end: 1190 } })
  })
})

/** Ends of one partition, sweep by sweep: stands still, creeps and jumps. */
async function growingEnds(): Promise<number[]> {
  const step = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 100, max: 5000 }))
  const [steps = []] = fc.sample(fc.array(step, { minLength: SWEEPS, maxLength: SWEEPS, size: "max" }), 1)
  let end = 50
  return steps.map((by) => {
    end += by
    return end
  })
}
