import { once } from "node:events"
import { createServer, connect as dial, type Socket } from "node:net"
import { describe, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { Leases } from "#server/roles/collector/leases.ts"

/** A way to Postgres that can fall silent, as a network does whose cable is cut: no byte, no end. */
async function cable(to: string) {
  const target = new URL(to)
  const sockets: Socket[] = []
  const server = createServer((near) => {
    const far = dial(Number(target.port), target.hostname)
    sockets.push(near, far)
    for (const socket of [near, far]) socket.on("error", () => undefined)
    near.pipe(far)
    far.pipe(near)
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  const url = new URL(to)
  url.host = `127.0.0.1:${typeof address === "object" ? address?.port : ""}`
  return {
    url: url.href,
    cut: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

describe("leases", () => {
  it("are held by one collector at a time, and are free again when it ends", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    const first = new Leases(database.url, () => undefined)
    await using second = new Leases(database.url, () => undefined)
    expect(await first.take(1)).toBe(true)
    expect(await first.take(1)).toBe(true)
    expect(await second.take(1)).toBe(false)
    expect(await second.take(2)).toBe(true)
    await first[Symbol.asyncDispose]()
    await expect.poll(() => second.take(1)).toBe(true)
  })

  it("share one connection when several are taken at once, and all end with it", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    const first = new Leases(database.url, () => undefined)
    await using second = new Leases(database.url, () => undefined)
    expect(await Promise.all([first.take(0), first.take(1), first.take(2)])).toEqual([true, true, true])
    await first.give(1)
    expect(await Promise.all([second.take(0), second.take(1), second.take(2)])).toEqual([false, true, false])
    await first[Symbol.asyncDispose]()
    await expect.poll(() => second.take(0)).toBe(true)
    await expect.poll(() => second.take(2)).toBe(true)
  })

  it("are given up when Postgres does not answer any more, though nobody closed the connection", async () => {
    await using database = await createDatabase(inject("postgresUrl"))
    await using way = await cable(database.url)
    let lost = 0
    await using leases = new Leases(way.url, () => {
      lost += 1
    })
    expect(await leases.take(1)).toBe(true)
    way.cut()
    await expect(leases.check()).rejects.toThrow()
    expect(lost).toBe(1)
    expect([...leases.held]).toEqual([])
  })
})
