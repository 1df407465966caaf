import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createVault } from "#server/access/secrets.ts"
import { Connections } from "#server/brokers/connections.ts"
import {
  connectCluster,
  connectInput,
  getClusterHead,
  getConnection,
  openBroker,
  testStored,
  updateCluster,
  updateInput,
} from "#server/clusters/index.ts"
import { readTargets, syncFileClusters } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import { createLogger } from "#server/log.ts"
import { storeWorld } from "#test/store/world.ts"

const LOGIN = { bootstrap: "127.0.0.1:1", sasl: "PLAIN", username: "ada", password: "first secret" }

let world: Awaited<ReturnType<typeof storeWorld>>
let ctx: Context
let count = 0

beforeAll(async () => {
  world = await storeWorld()
  ctx = {
    store: world.store,
    vault: createVault(Buffer.alloc(32, 5)),
    connections: new Connections({ clientId: "signalbox-test", log: () => undefined }),
    actor: { kind: "user", id: "u", email: "ada@example.com", role: "admin", clusters: {} },
    log: createLogger("test"),
    now: Date.now,
  }
})

afterAll(async () => {
  await ctx.connections[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

it("tells what is stored, and of secrets only that there are some", async () => {
  const cluster = await connected(LOGIN)
  const shown = await getConnection(ctx, { cluster })
  expect(shown).toMatchObject({
    source: "page",
    values: { bootstrap: "127.0.0.1:1", sasl: "PLAIN", username: "ada" },
    secrets: ["password"],
  })
  expect(JSON.stringify(shown)).not.toContain("first secret")
})

it("keeps a secret that was left empty, and takes one that was typed", async () => {
  const cluster = await connected(LOGIN)
  await save(cluster, { ...LOGIN, username: "grace", password: "" })
  expect(await storedOf(cluster)).toEqual({ ...LOGIN, username: "grace" })
  await save(cluster, { ...LOGIN, password: "second secret" })
  expect(await storedOf(cluster)).toEqual({ ...LOGIN, password: "second secret" })
})

it("forgets secrets of what is no longer chosen", async () => {
  const cluster = await connected(LOGIN)
  await save(cluster, { bootstrap: "127.0.0.1:1", sasl: "none" })
  expect(await storedOf(cluster)).toEqual({ bootstrap: "127.0.0.1:1", sasl: "none" })
})

it("does not send a stored secret to a server that was not there before", async () => {
  const cluster = await connected(LOGIN)
  const elsewhere = { ...LOGIN, bootstrap: "127.0.0.1:1, evil.example.com:9092", password: "" }
  await expect(testStored(ctx, { cluster, connection: elsewhere })).rejects.toThrow(/type Password again/)
  await expect(save(cluster, elsewhere)).rejects.toThrow(/Bootstrap servers/)
  expect(await storedOf(cluster)).toEqual(LOGIN)
  await save(cluster, { ...elsewhere, password: "first secret" })
})

it("tries a connection with the stored secrets", async () => {
  const cluster = await connected(LOGIN)
  const steps = await testStored(ctx, { cluster, connection: { ...LOGIN, password: "" } })
  expect(steps.find((step) => step.step === "tcp")?.result).toBe("failed")
})

it("is not applied over somebody else's change", async () => {
  const cluster = await connected(LOGIN)
  const { revision } = await getConnection(ctx, { cluster })
  await save(cluster, { ...LOGIN, username: "grace" })
  const late = { cluster, name: "mine", connection: LOGIN, revision }
  await expect(updateCluster(ctx, late)).rejects.toMatchObject({ code: "conflict" })
  expect((await getConnection(ctx, { cluster })).values.username).toBe("grace")
})

it("leaves a cluster of the file as the file has it", async () => {
  const slug = "of-the-file"
  await syncFileClusters(ctx.store, ctx.vault, [
    { name: slug, slug, system: "kafka", intervalMs: 10_000, connection: { bootstrap: ["a:1", "b:2"] } },
  ])
  const shown = await getConnection(ctx, { cluster: slug })
  expect(shown).toMatchObject({ source: "file", values: { bootstrap: "a:1, b:2" } })
  const changed = { cluster: slug, name: "x", connection: shown.values, revision: shown.revision }
  await expect(updateCluster(ctx, changed)).rejects.toThrow(/signalbox.yaml/)
})

it("is in the audit log, before and after, without secrets", async () => {
  const cluster = await connected(LOGIN)
  await save(cluster, { ...LOGIN, username: "grace", password: "second secret" })
  const entry = await ctx.store.prisma.auditEntry.findFirstOrThrow({
    where: { action: "cluster.edit", target: cluster },
  })
  expect(entry).toMatchObject({
    actor: "ada@example.com",
    // So that administrators of this cluster alone see it too.
    cluster,
    before: { connection: { username: "ada" }, secrets: ["password"] },
    after: { connection: { username: "grace" }, newSecrets: ["password"] },
  })
  expect(JSON.stringify([entry.before, entry.after])).not.toContain('secret"')
})

it("says what a cluster is for, until somebody says something else", async () => {
  const { cluster } = await connectCluster(
    ctx,
    connectInput.parse({
      name: "for people",
      system: "kafka",
      environment: " production ",
      connection: LOGIN,
    }),
  )
  const shown = () => getConnection(ctx, { cluster })
  expect((await shown()).environment).toBe("production")
  expect((await getClusterHead(ctx, { cluster })).environment).toBe("production")
  await save(cluster, LOGIN)
  expect((await shown()).environment).toBe("production")
  const saveAs = async (environment: string | null) => {
    const { name, revision } = await shown()
    await updateCluster(ctx, updateInput.parse({ cluster, name, environment, connection: LOGIN, revision }))
    return (await shown()).environment
  }
  expect(await saveAs("pre-production")).toBe("pre-production")
  const { targets } = await readTargets(ctx.store, ctx.vault)
  expect(targets.find((one) => one.slug === cluster)?.environment).toBe("pre-production")
  expect(await saveAs("")).toBeNull()
  const file = (environment?: string) => [
    { ...{ name: "f", slug: "of-env", system: "kafka", intervalMs: 10_000, environment }, connection: {} },
  ]
  for (const [written, stored] of [
    ["dev", "dev"],
    ["staging", "staging"],
    [undefined, null],
  ] as const) {
    await syncFileClusters(ctx.store, ctx.vault, file(written))
    const row = await ctx.store.prisma.cluster.findUniqueOrThrow({ where: { slug: "of-env" } })
    expect(row.environment).toBe(stored)
  }
})

it("is used at the next question, by pages and collectors, without a restart", async () => {
  const cluster = await connected({ bootstrap: "127.0.0.1:1" })
  const dead = await openBroker(ctx, cluster)
  const { targets: before } = await readTargets(ctx.store, ctx.vault)
  await save(cluster, { bootstrap: inject("kafkaBootstrap").join(",") })
  const alive = await openBroker(ctx, cluster)
  expect(alive).not.toBe(dead)
  expect((await alive.describe({ nodes: true }, AbortSignal.timeout(60_000))).nodes).toHaveLength(3)
  const { targets: after } = await readTargets(ctx.store, ctx.vault)
  const revisionIn = (targets: typeof after) => targets.find((one) => one.slug === cluster)?.revision
  expect(revisionIn(after)).not.toBe(revisionIn(before))
})

async function connected(connection: Record<string, unknown>): Promise<string> {
  count += 1
  return (await connectCluster(ctx, { name: `cluster ${count}`, system: "kafka", connection })).cluster
}

async function save(cluster: string, connection: Record<string, unknown>): Promise<void> {
  const { name, revision } = await getConnection(ctx, { cluster })
  await updateCluster(ctx, { cluster, name, connection, revision })
}

async function storedOf(cluster: string): Promise<unknown> {
  const { targets } = await readTargets(ctx.store, ctx.vault)
  return targets.find((one) => one.slug === cluster)?.connection
}
