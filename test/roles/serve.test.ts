import { once } from "node:events"
import { Registry } from "prom-client"
import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { serveHealth } from "#server/roles/health.ts"
import { migrate, openStore } from "#server/store/index.ts"

describe("a collector's own health", () => {
  it("is ready only when its database answers; it lives and tells its metrics all the same", async () => {
    await using database = await createDatabase(inject("postgresUrl"), "empty")
    await using store = openStore(database.url, { max: 1 })
    const server = serveHealth({ store, registry: new Registry() }, { port: 0, host: "127.0.0.1" })
    await once(server, "listening")
    const address = server.address()
    const port = typeof address === "object" ? address?.port : 0
    const statusOf = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status
    expect(await statusOf("/readyz")).toBe(503)
    expect(await statusOf("/healthz")).toBe(200)
    expect(await statusOf("/metrics")).toBe(200)
    expect(await statusOf("/")).toBe(404)
    await migrate(database.url)
    expect(await statusOf("/readyz")).toBe(200)
    server.close()
  })
})
