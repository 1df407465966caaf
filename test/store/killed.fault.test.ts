import { describe, expect, it } from "vitest"
import { startPostgres } from "#scripts/stack/postgres.ts"
import {
  isStoreAway,
  keepPartitions,
  migrate,
  newSweepMemory,
  openStore,
  readLogs,
  readSweeps,
  type StoredSweep,
  transaction,
  writeSweep,
} from "#server/store/index.ts"
import { until } from "#test/until.ts"

const TEN_SECONDS = 10_000
const TOPICS = 300

function sweepAt(at: number, end: bigint): StoredSweep {
  const ids = Array.from({ length: TOPICS }, (_, i) => i + 1)
  return {
    clusterId: 1,
    at,
    ms: 5,
    logs: ids.map((destinationId) => ({ destinationId, starts: [0n], ends: [end] })),
    commits: ids.map((destinationId) => ({ groupId: 1, destinationId, offsets: [end], unknown: [] })),
  }
}

describe("PostgreSQL killed while sweeps are written", () => {
  it("leaves no half sweep, loses none that was acknowledged, and all goes on by itself", async () => {
    await using postgres = await startPostgres({ config: { fsync: "on" } })
    const url = await postgres.createDatabase()
    await migrate(url)
    await using store = openStore(url, { max: 2 })
    const first = Math.floor(Date.now() / TEN_SECONDS) * TEN_SECONDS
    await keepPartitions(store, first)
    const memory = newSweepMemory()
    const acknowledged: number[] = []
    const write = async (at: number) => {
      const written = await transaction(store, (client) =>
        writeSweep(client, sweepAt(at, BigInt(at)), memory),
      )
      written.remember()
      acknowledged.push(at)
    }
    let at = first
    let failure: unknown
    // Killed while sweeps are written, not before the first.
    const killed = until("some are written", () => acknowledged.length >= 5).then(() => postgres.kill())
    while (failure === undefined) {
      await write(at).catch((error: unknown) => {
        failure = error
      })
      at += TEN_SECONDS
    }
    await killed
    expect(isStoreAway(failure)).toBe(true)
    await expect(write(at)).rejects.toSatisfy(isStoreAway)

    await postgres.start()
    at += TEN_SECONDS
    await write(at)
    const span = { clusterId: 1, from: first, to: at, stepMs: TEN_SECONDS }
    const sweeps = await readSweeps(store, span)
    expect(sweeps).toEqual(expect.arrayContaining(acknowledged))
    // The one whose commit was under way may have been stored without an answer; none is half there.
    expect(sweeps.length - acknowledged.length).toBeLessThanOrEqual(1)
    const logs = await readLogs(store, { ...span, destinationIds: sweepAt(0, 0n).logs.map(idOf) })
    expect(logs).toHaveLength(TOPICS)
    for (const log of logs) expect(log.at).toEqual(sweeps)
  })

  it("starts anew on a migration that was cut short, with nothing of it left", async () => {
    await using postgres = await startPostgres({ config: { fsync: "on" } })
    const url = await postgres.createDatabase()
    const cut = migrate(url).catch((error: unknown) => error)
    await postgres.kill()
    await cut
    await postgres.start()
    await migrate(url)
    expect(await migrate(url)).toEqual([])
  })
})

function idOf(log: { destinationId: number }): number {
  return log.destinationId
}
