import { expect, it } from "vitest"
import { startPostgres } from "#scripts/stack/postgres.ts"
import { acting, listAudit, listAuditInput } from "#server/access/index.ts"
import { createContext } from "#server/trpc/context.ts"
import { signedIn, webWorld } from "#test/access/world.ts"
import { GET as healthz } from "../../app/healthz/route.ts"
import { GET as readyz } from "../../app/readyz/route.ts"
import { askTrpc } from "./ask.ts"

it("says that the database is away while it is, shows nothing of it, and goes on by itself", async () => {
  await using postgres = await startPostgres()
  await using world = await webWorld(postgres.url)
  const { cookie } = await signedIn(world.web, "viewer")
  expect((await askTrpc("clusters.list", { cookie })).status).toBe(200)
  expect((await readyz()).status).toBe(200)

  const { actor: _, ...own } = await createContext(new Headers({ cookie }))
  const ctx = { ...own, actor: { kind: "system" } as const }
  const act = { action: "destination.delete", target: "orders", cluster: "shop" }
  expect(await acting(ctx, act, () => postgres.kill().then(() => "deleted"))).toBe("deleted")
  await expect(acting(ctx, act, async () => expect.fail("it was done"))).rejects.toThrow()
  const away = await askTrpc("clusters.list", { cookie })
  const text = await away.text()
  expect([away.status, text]).toEqual([503, expect.stringContaining("cannot reach its database")])
  expect(text).not.toMatch(/127\.0\.0\.1|prisma|ECONN/)
  expect((await readyz()).status).toBe(503)
  expect(healthz().status).toBe(200)

  await postgres.start()
  await expect.poll(async () => (await askTrpc("clusters.list", { cookie })).status).toBe(200)
  expect((await readyz()).status).toBe(200)
  // What was done to a broker while the database went away is in the log.
  const kept = (await listAudit(ctx, listAuditInput.parse({ what: "destination" }))).rows
  expect(kept).toMatchObject([{ ...act, result: "begun" }])
})
