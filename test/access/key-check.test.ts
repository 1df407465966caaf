import { expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { checkKey } from "#server/access/key-check.ts"
import { createVault } from "#server/access/secrets.ts"
import { migrate, openStore } from "#server/store/index.ts"

it("a key that does not fit the database is told at the start, in words", async () => {
  await using database = await createDatabase(inject("postgresUrl"))
  await migrate(database.url)
  await using store = openStore(database.url, { max: 2 })
  const [first, another] = [createVault(Buffer.alloc(32, 1)), createVault(Buffer.alloc(32, 2))]
  await Promise.all([checkKey(store, first), checkKey(store, first)])
  await checkKey(store, first)
  await expect(checkKey(store, another)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(/SIGNALBOX_SECRET .* does not fit this database/),
  })
})
