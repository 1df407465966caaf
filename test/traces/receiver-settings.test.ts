import { randomBytes } from "node:crypto"
import { afterAll, beforeAll, expect, it } from "vitest"
import { declareRetention } from "#server/traces/index.ts"
import { createCaller } from "#server/trpc/router.ts"
import { contextFrom, signedIn, webWorld } from "#test/access/world.ts"
import { seenUntil } from "#test/until.ts"
import { requestOf } from "./requests.ts"
import { receiverWorld } from "./world.ts"

let world: Awaited<ReturnType<typeof webWorld>>
let admin: ReturnType<typeof createCaller>
beforeAll(async () => {
  world = await webWorld()
  admin = createCaller(await contextFrom((await signedIn(world.web, "admin")).cookie))
})
afterAll(() => world[Symbol.asyncDispose]())

const send = async (url: string, token?: string) => {
  const answer = await fetch(`${url}/v1/traces`, {
    method: "POST",
    body: new Uint8Array(requestOf(randomBytes(16), [{}])),
    headers: {
      "content-type": "application/x-protobuf",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  })
  return answer.status
}

it("asks senders for a token once there is one, until it is revoked", async () => {
  const databaseUrl = world.web.store.url
  await using open = await receiverWorld({ databaseUrl })
  expect(await send(open.url)).toBe(200)
  const { token } = await admin.traces.createToken({ name: "payment" })
  const [row] = await admin.traces.tokens()
  expect(row).toMatchObject({ name: "payment", hint: token.slice(-4), lastUsedAt: null, isRevoked: false })
  const { rows } = await world.web.store.pool.query("select * from traces.token")
  expect(JSON.stringify(rows)).not.toContain(token)
  await using closed = await receiverWorld({ databaseUrl })
  expect(await send(closed.url)).toBe(401)
  expect(await send(closed.url, "another-token-of-16")).toBe(401)
  expect(await send(closed.url, token)).toBe(200)
  const used = await seenUntil(
    () => admin.traces.tokens(),
    ([one]) => one?.lastUsedAt !== null,
  )
  expect(used[0]?.lastUsedAt).toBeGreaterThan(Date.now() - 60_000)
  await admin.traces.revokeToken({ id: row?.id ?? "" })
  await expect(admin.traces.revokeToken({ id: row?.id ?? "" })).rejects.toThrow("not found")
  await using after = await receiverWorld({ databaseUrl, tokens: ["0123456789abcdef"] })
  expect(await send(after.url, token)).toBe(401)
  expect(await send(after.url, "0123456789abcdef")).toBe(200)
  const viewer = createCaller(await contextFrom((await signedIn(world.web, "viewer")).cookie))
  await expect(viewer.traces.createToken({ name: "mine" })).rejects.toThrow("role admin")
  await expect(viewer.traces.tokens()).rejects.toThrow("role admin")
})

it("keeps what the environment says until the page says otherwise, and tells what spans take", async () => {
  const { store } = world.web
  await using receiver = await receiverWorld({ databaseUrl: store.url, tokens: ["0123456789abcdef"] })
  expect(await send(receiver.url, "0123456789abcdef")).toBe(200)
  expect(await declareRetention(store, { days: 7, bytes: 20e9 })).toMatchObject({ days: 7, bytes: 20e9 })
  const before = await admin.traces.storage()
  expect(before.keep).toEqual({ source: "environment", days: 7, bytes: 20e9 })
  expect(before.spans).toBeGreaterThan(0)
  expect(before.bytes).toBeGreaterThan(before.spans)
  expect(before.oldest).toBeGreaterThan(Date.now() - 600_000)
  expect(before.daysUntilFull).toBeGreaterThan(1)
  await admin.traces.setRetention({ keep: { days: 2, gigabytes: 0.5 } })
  expect(await declareRetention(store, { days: 7, bytes: 20e9 })).toMatchObject({ days: 2, bytes: 5e8 })
  await admin.traces.setRetention({ keep: null })
  expect((await admin.traces.storage()).keep?.source).toBe("environment")
  await expect(admin.traces.setRetention({ keep: { days: 0, gigabytes: 1 } })).rejects.toThrow(
    "at least a day",
  )
})
