import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { migrate } from "#server/store/index.ts"

const MIGRATIONS = path.resolve("prisma/migrations")

describe("bringing a database up to this version", () => {
  it("applies every migration once, also when two processes start at the same time", async () => {
    await using database = await createDatabase(inject("postgresUrl"), "empty")
    const [one, two] = await Promise.all([migrate(database.url), migrate(database.url)])
    const all = (await readdir(MIGRATIONS)).filter((name) => /^\d/.test(name)).sort()
    expect([...one, ...two].sort()).toEqual(all)
    expect(await migrate(database.url)).toEqual([])
  })

  it("refuses a migration that was changed after it had been applied, and says what to do", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    await migrate(database.url)
    const folder = await mkdtemp(path.join(tmpdir(), "migrations-"))
    await cp(MIGRATIONS, folder, { recursive: true })
    const file = path.join(folder, "20261120000000_init", "migration.sql")
    await writeFile(file, `${await readFile(file, "utf8")}\n-- changed`)
    await expect(migrate(database.url, folder)).rejects.toThrow(
      /was changed after it had been applied.*Restore/,
    )
    await rm(folder, { recursive: true })
  })

  it("refuses a database that is newer than this Signalbox", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    await migrate(database.url)
    const client = new pg.Client({ connectionString: database.url })
    await client.connect()
    await client.query(
      "insert into _prisma_migrations (id, checksum, migration_name, finished_at) values ('x', 'y', '29990101000000_future', now())",
    )
    await client.end()
    await expect(migrate(database.url)).rejects.toThrow(/newer than this Signalbox/)
  })

  it("says that the database cannot be reached", async () => {
    await expect(migrate("postgresql://nobody@127.0.0.1:1/none")).rejects.toMatchObject({
      code: "store_unavailable",
    })
  })
})
