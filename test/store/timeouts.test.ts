import { describe, expect, it } from "vitest"
import { isStoreAway, openStore, toStoreError, transaction } from "#server/store/index.ts"
import { storeWorld } from "./world.ts"

const PATIENCE_MS = 500
/** Half of what it would wait without a limit, on a machine that is busy. */
const ENDS_WITHIN_MS = 30_000

async function timed(work: () => PromiseLike<unknown>): Promise<{ failure: unknown; ms: number }> {
  const began = Date.now()
  const failure = await Promise.resolve(work()).then(
    () => null,
    (error: unknown) => error,
  )
  return { failure, ms: Date.now() - began }
}

describe("a database that does not answer", () => {
  it("hangs nobody while a table is locked: queries, Prisma and transactions end, and go on when it is free", async () => {
    await using world = await storeWorld()
    await using store = openStore(world.store.url, { max: 2, statementTimeoutMs: PATIENCE_MS })
    const works = {
      pool: () => store.pool.query("select count(*) from cluster"),
      prisma: () => store.prisma.cluster.count(),
      transaction: () => transaction(store, (client) => client.query("select count(*) from cluster")),
    }
    await transaction(world.store, async (client) => {
      await client.query("lock table cluster in access exclusive mode")
      for (const [name, work] of Object.entries(works)) {
        const { failure, ms } = await timed(work)
        expect(toStoreError(failure), name).toMatchObject({
          code: "store_unavailable",
          message: expect.stringContaining("took too long to answer"),
        })
        expect(ms, name).toBeLessThan(ENDS_WITHIN_MS)
        // It is there: sampling keeps what it has in memory.
        expect(isStoreAway(failure), name).toBe(false)
      }
    })
    for (const [name, work] of Object.entries(works)) expect((await timed(work)).failure, name).toBeNull()
  })

  it("hangs nobody when it is silent as a whole: a transaction does not wait for its own rollback", async () => {
    await using world = await storeWorld()
    await using store = openStore(world.store.url, { max: 1, statementTimeoutMs: PATIENCE_MS })
    const { failure, ms } = await timed(() =>
      transaction(store, async (client) => {
        // As good as a server that is stopped: it does not end the statement by itself.
        await client.query("set local statement_timeout = 0")
        await client.query("select pg_sleep(60)")
      }),
    )
    expect(toStoreError(failure)).toMatchObject({ code: "store_unavailable" })
    expect(ms).toBeLessThan(ENDS_WITHIN_MS)
    expect((await timed(() => store.pool.query("select 1"))).failure).toBeNull()
  })
})
