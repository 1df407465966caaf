import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { openStore, type Store, withConnection } from "#server/store/index.ts"

const held = new AsyncDisposableStack()
let store: Store
beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  store = held.use(openStore(database.url, { max: 2 }))
})
afterAll(() => held.disposeAsync())

it("outlives a connection that dies between two queries, and does not use it again", async () => {
  const backend = async (client: Pick<Store["pool"], "query">) =>
    (await client.query<{ pid: number }>("select pg_backend_pid() as pid")).rows[0]?.pid
  const died = withConnection(store, async (client) => {
    const pid = await backend(client)
    const gone = new Promise<void>((resolve) => client.once("end", resolve))
    await store.pool.query("select pg_terminate_backend($1)", [pid])
    await gone
    return client.query("select 1")
  })
  await expect(died).rejects.toThrow()
  for (let i = 0; i < 4; i++) expect(await withConnection(store, backend)).toBeGreaterThan(0)
})

it("closes a connection whose lock could not be given back", async () => {
  const lock = 724_599
  await withConnection(store, async (client, spoil) => {
    await client.query("select pg_advisory_lock($1)", [lock])
    spoil(new Error("could not unlock"))
  })
  await expect
    .poll(async () => {
      const { rowCount } = await store.pool.query(
        "select from pg_locks where locktype = 'advisory' and objid = $1",
        [lock],
      )
      return rowCount
    })
    .toBe(0)
})
