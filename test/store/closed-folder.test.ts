import { mkdtemp, rm } from "node:fs/promises"
import os from "node:os"
import path from "node:path"
import pg from "pg"
import { describe, expect, it } from "vitest"
import { startEmbeddedPostgres } from "#server/store/embedded.ts"

describe("the embedded PostgreSQL", () => {
  // mkdtemp makes a folder that only its owner may enter, as /root is.
  it("starts, and starts again, in a folder that only root may enter", { timeout: 60_000 }, async () => {
    const closed = await mkdtemp(path.join(os.tmpdir(), "signalbox-closed-"))
    try {
      for (const start of [1, 2]) {
        const server = await startEmbeddedPostgres({ dataDir: path.join(closed, "data", "postgres") })
        try {
          expect(await starts(server.url)).toBe(start)
        } finally {
          await server.stop()
        }
      }
    } finally {
      await rm(closed, { recursive: true, force: true })
    }
  })
})

/** Counts a start in the database itself, and answers how many there were. */
async function starts(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query("create table if not exists start (at timestamptz default now())")
    await client.query("insert into start default values")
    const { rows } = await client.query<{ count: number }>("select count(*)::int as count from start")
    return rows[0]?.count ?? 0
  } finally {
    await client.end()
  }
}
