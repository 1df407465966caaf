import { expect, it } from "vitest"
import { signedIn, webWorld } from "#test/access/world.ts"
import { startPostgres } from "#test/stack/postgres.ts"
import { GET as healthz } from "../../app/healthz/route.ts"
import { GET as readyz } from "../../app/readyz/route.ts"
import { askTrpc } from "./ask.ts"

it("says that the database is away while it is, shows nothing of it, and goes on by itself", async () => {
  await using postgres = await startPostgres()
  await using world = await webWorld(postgres.url)
  const { cookie } = await signedIn(world.web, "viewer")
  expect((await askTrpc("clusters.list", { cookie })).status).toBe(200)
  expect((await readyz()).status).toBe(200)

  await postgres.kill()
  const away = await askTrpc("clusters.list", { cookie })
  const text = await away.text()
  expect([away.status, text]).toEqual([503, expect.stringContaining("cannot reach its database")])
  expect(text).not.toMatch(/127\.0\.0\.1|prisma|ECONN/)
  expect((await readyz()).status).toBe(503)
  expect(healthz().status).toBe(200)

  await postgres.start()
  await expect
    .poll(async () => (await askTrpc("clusters.list", { cookie })).status, { timeout: 20_000 })
    .toBe(200)
  expect((await readyz()).status).toBe(200)
})
