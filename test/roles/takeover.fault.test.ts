import { describe, expect, it } from "vitest"
import type { Store } from "#server/store/index.ts"
import { until } from "#test/until.ts"
import { faultWorld } from "./fault-world.ts"

const INTERVAL = 1000
/** What a takeover may leave out: three looks at the leases (every 3 s), and the start of sampling on a busy machine. */
const MAX_GAP_MS = 30_000

describe("two collectors on one database", () => {
  it("share the work: when one is killed the other goes on, and no sweep is stored twice", async () => {
    await using world = await faultWorld(INTERVAL)
    const holders = async () => {
      const { rows } = await world.store.pool.query<{ pid: number }>(
        // 0 is the lease of looking after alerts, which either may have.
        "select pid from pg_locks where locktype = 'advisory' and classid = 7245 and objid <> 0 and granted",
      )
      return rows.map((row) => row.pid)
    }
    const first = world.start()
    await until("the first collector samples", async () => (await world.sweeps()).length >= 3)
    const [lease] = await holders()
    world.start()
    await until("the second collector waits for its turn", async () => (await collectors(world.store)) === 2)
    const count = (await world.sweeps()).length
    await until("the first samples on", async () => (await world.sweeps()).length >= count + 3)
    // While the first lives it keeps its lease, and is the only one that has one.
    expect(await holders()).toEqual([lease])
    first.kill("SIGKILL")
    const killedAt = Date.now()
    await until("the second collector samples", async () => ((await world.sweeps()).at(-1) ?? 0) > killedAt)
    const after = (await world.sweeps()).length
    await until("it samples on", async () => (await world.sweeps()).length >= after + 3)
    const sweeps = await world.sweeps()
    const gaps = sweeps.slice(1).map((at, i) => at - (sweeps[i] ?? at))
    // Sweeps stand on one grid, whoever makes them: two of one moment, or two between two moments, are doubles.
    expect(gaps.filter((gap) => gap <= 0 || gap % INTERVAL !== 0)).toEqual([])
    expect(Math.max(...gaps)).toBeLessThanOrEqual(MAX_GAP_MS)
    expect(await holders()).toHaveLength(1)
    expect(await holders()).not.toEqual([lease])
  })
})

/** Collectors that are connected, by their connections for leases. */
async function collectors(store: Store): Promise<number> {
  const sql = "select from pg_stat_activity where application_name = 'signalbox collector leases'"
  return (await store.pool.query(sql)).rowCount ?? 0
}
