import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { faultWorld } from "./fault-world.ts"
import { until } from "./world.ts"

const INTERVAL = 2000

describe("two collectors on one database", () => {
  it("share the work: when one is killed the other goes on within two intervals, and no sweep is stored twice", async () => {
    await using world = await faultWorld(INTERVAL)
    const first = world.start()
    await until("the first collector samples", async () => (await world.sweeps()).length >= 3)
    world.start()
    await sleep(3 * INTERVAL)
    first.kill("SIGKILL")
    const killedAt = Date.now()
    await until("the second collector samples", async () => ((await world.sweeps()).at(-1) ?? 0) > killedAt)
    await sleep(3 * INTERVAL)
    const sweeps = await world.sweeps()
    const gaps = sweeps.slice(1).map((at, i) => at - (sweeps[i] ?? at))
    expect(Math.max(...gaps)).toBeLessThanOrEqual(3 * INTERVAL)
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(INTERVAL)
    const after = sweeps.find((at) => at > killedAt) ?? Number.POSITIVE_INFINITY
    expect(after - killedAt).toBeLessThanOrEqual(2 * INTERVAL)
  })
})
