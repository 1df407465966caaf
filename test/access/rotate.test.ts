import { mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { checkKey } from "#server/access/key-check.ts"
import { openVault } from "#server/access/secrets.ts"
import { readTargets, sealConnection } from "#server/clusters/targets.ts"
import { rotateSecret } from "#server/rotate.ts"
import { openStore } from "#server/store/index.ts"
import { storeWorld } from "#test/store/world.ts"

const SLUGS = ["one", "two", "three"]
let world: Awaited<ReturnType<typeof storeWorld>>
let dataDir: string
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), "signalbox-rotate-"))
  world = await storeWorld()
  await world.store.prisma.cluster.deleteMany()
})
afterEach(async () => {
  await world[Symbol.asyncDispose]()
  await rm(dataDir, { recursive: true })
})

describe("a rotation of the key", () => {
  it("from one SIGNALBOX_SECRET to another opens everything with the new, nothing with the old", async () => {
    const [old, next] = ["the old secret of the test", "the new secret of the test"]
    await connect(old)
    expect(await rotate({ secret: old, newSecret: next })).toBe(3)
    expect(await readable(next)).toEqual(SLUGS)
    expect(await readable(old)).toEqual([])
    await checkKey(world.store, await openVault({ secret: next, dataDir }))
    await expect(checkKey(world.store, await openVault({ secret: old, dataDir }))).rejects.toThrow(
      /does not fit/,
    )
  })

  it("of a key file makes a new one, for its owner's eyes only", async () => {
    await connect(undefined)
    const before = await readFile(path.join(dataDir, "secret.key"), "utf8")
    await rotate({})
    expect(await readFile(path.join(dataDir, "secret.key"), "utf8")).not.toBe(before)
    expect((await stat(path.join(dataDir, "secret.key"))).mode & 0o777).toBe(0o600)
    expect(await readdir(dataDir)).toEqual(["secret.key"])
    expect(await readable(undefined)).toEqual(SLUGS)
  })

  it("that was cut off after the database and before the file is finished by the next", async () => {
    await connect(undefined)
    const file = path.join(dataDir, "secret.key")
    const old = await readFile(file, "utf8")
    await rotate({})
    await rename(file, `${file}.new`)
    await writeFile(file, old)
    expect(await readable(undefined)).toEqual([])
    await rotate({})
    expect(await readable(undefined)).toEqual(SLUGS)
  })

  it("is all or nothing: one connection of another key, and none is changed", async () => {
    const secret = "the old secret of the test"
    await connect(secret)
    const foreign = await openVault({ secret: "quite another secret", dataDir })
    const connection = sealConnection(foreign, "two", {})
    await world.store.prisma.cluster.update({ where: { slug: "two" }, data: { connection } })
    await expect(rotate({ secret, newSecret: "the new secret of the test" })).rejects.toMatchObject({
      code: "conflict",
    })
    expect(await readable(secret)).toEqual(["one", "three"])
  })

  it.each<[Given, RegExp]>([
    [{ secret: "the old secret of the test" }, /SIGNALBOX_NEW_SECRET/],
    [{ newSecret: "short" }, /at least 16/],
  ])("is refused without a key that will do: %j", async (given, expected) => {
    await connect(given.secret)
    await expect(rotate(given)).rejects.toThrow(expected)
    expect(await readable(given.secret)).toEqual(SLUGS)
  })

  it("is refused while Signalbox runs on this database", async () => {
    await connect(undefined)
    await expect(rotate({}, 0)).rejects.toThrow(/Stop every process/)
  })
})

interface Given {
  secret?: string
  newSecret?: string
}

async function connect(secret: string | undefined): Promise<void> {
  const vault = await openVault({ secret, dataDir })
  await checkKey(world.store, vault)
  for (const slug of SLUGS) {
    const connection = sealConnection(vault, slug, { bootstrap: `${slug}:9092` })
    await world.store.prisma.cluster.create({
      data: { slug, name: slug, system: "kafka", source: "page", connection },
    })
  }
}

/** As the command does: with no other connection than its own, unless `others` are let be. */
async function rotate(given: Given, own = 1): Promise<number> {
  if (own === 0) {
    await Promise.all([1, 2].map(() => world.store.pool.query("select pg_sleep(0.1)")))
    await using store = openStore(world.store.url, { max: 1 })
    return await rotateSecret(store, { secret: undefined, newSecret: undefined, dataDir, ...given })
  }
  await world.store.pool.query(
    `select pg_terminate_backend(pid, 5000) from pg_stat_activity
     where datname = current_database() and application_name = 'signalbox' and pid <> pg_backend_pid()`,
  )
  return rotateSecret(world.store, { secret: undefined, newSecret: undefined, dataDir, ...given })
}

async function readable(secret: string | undefined): Promise<string[]> {
  const { targets } = await readTargets(world.store, await openVault({ secret, dataDir }))
  return targets.map(({ slug }) => slug)
}
