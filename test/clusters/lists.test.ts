import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { createVault } from "#server/access/secrets.ts"
import { Connections } from "#server/brokers/connections.ts"
import {
  connectCluster,
  getCluster,
  listClusters,
  listDestinations,
  listDestinationsInput,
  removeCluster,
  search,
} from "#server/clusters/index.ts"
import { readTargets, syncFileClusters } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import { createLogger } from "#server/log.ts"
import { storeWorld } from "#test/store/world.ts"

const TOPICS = 10_000

let world: Awaited<ReturnType<typeof storeWorld>>
let ctx: Context

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
  await world.store.pool.query(
    `insert into destination (cluster_id, name, internal, partitions, messages, produce_rate, rate_partial, under_replicated)
     select $1, 'shop.topic-' || lpad(i::text, 5, '0'), i <= 3, 1 + i % 12, case when i % 2 = 0 then i end, i % 100,
       i % 1000 = 0, case when i % 1000 = 0 then 1 else 0 end from generate_series(1, $2::int) i`,
    [world.clusterId, TOPICS],
  )
  await world.store.pool.query(
    `insert into consumer_group (cluster_id, name, type, state)
     select $1, 'shop.group-' || i, 'classic', 'stable' from generate_series(1, 1000) i`,
    [world.clusterId],
  )
})

afterAll(async () => {
  await ctx.connections[Symbol.asyncDispose]()
  await world[Symbol.asyncDispose]()
})

function list(input: Partial<ReturnType<typeof listDestinationsInput.parse>>) {
  return listDestinations(ctx, listDestinationsInput.parse({ cluster: "prod-eu", ...input }))
}

describe("a cluster of 10,000 topics", () => {
  it("is listed page by page, each topic once", async () => {
    const pages = await Promise.all([1, 2, 3].map((page) => list({ page, pageSize: 50 })))
    expect(pages.map((page) => page.total)).toEqual([9997, 9997, 9997])
    const names = pages.flatMap((page) => page.rows.map((row) => row.name))
    expect(new Set(names).size).toBe(150)
    expect(names[0]).toBe("shop.topic-00004")
    expect(names.at(-1)).toBe("shop.topic-00153")
  })

  it("says the number of topics on the last page, too, and past it", async () => {
    const last = await list({ page: 200, pageSize: 50 })
    expect(last.rows).toHaveLength(47)
    const past = await list({ page: 201, pageSize: 50 })
    expect(past).toEqual({ rows: [], total: 9997 })
  })

  it("is sorted by what is asked; what is unknown comes last either way", async () => {
    const most = await list({ sort: "messages", dir: "desc", pageSize: 1 })
    expect(most.rows[0]).toMatchObject({ name: "shop.topic-10000", messages: 10_000 })
    const least = await list({ sort: "messages", dir: "asc", pageSize: 1 })
    expect(least.rows[0]).toMatchObject({ name: "shop.topic-00004", messages: 4 })
    expect(
      (await list({ sort: "messages", dir: "asc", page: 50, pageSize: 200 })).rows.at(-1)?.messages,
    ).toBe(null)
  })

  it("is filtered by words, by health, and with internal topics on demand", async () => {
    expect((await list({ q: "TOPIC-0999" })).total).toBe(10)
    expect((await list({ q: "100%_" })).total).toBe(0)
    const bad = await list({ health: "bad" })
    expect(bad.total).toBe(10)
    expect(new Set(bad.rows.map((row) => row.health))).toEqual(new Set(["degraded"]))
    // The rate of a topic of which a partition is away is a lower bound, and says so.
    expect(new Set(bad.rows.map((row) => row.produceRatePartial))).toEqual(new Set([true]))
    expect((await list({ q: "topic-09998" })).rows).toMatchObject([
      { produceRate: 98, produceRatePartial: false },
    ])
    expect((await list({ internal: true })).total).toBe(TOPICS)
  })

  it("is searched with its groups and clusters, a few of each", async () => {
    const hits = await search(ctx, { q: "shop.", clusters: [] })
    expect(hits.filter((hit) => hit.kind === "destination")).toHaveLength(8)
    expect(hits.filter((hit) => hit.kind === "group")).toHaveLength(8)
    expect((await search(ctx, { q: "PROD", clusters: [] })).map((hit) => hit.kind)).toEqual(["cluster"])
    expect((await search(ctx, { q: "group-77", clusters: [] }))[0]).toMatchObject({ name: "shop.group-77" })
  })

  it("of which no sweep is stored yet has no numbers, not zeros", async () => {
    const [cluster] = await listClusters(ctx)
    expect(cluster).toMatchObject({ destinations: null, groups: null, nodes: null, produceRate: null })
  })
})

describe("clusters come and go", () => {
  const connection = { bootstrap: "kafka-1:9092", sasl: "PLAIN", username: "u", password: "pass-word-1" }

  it("one is connected on the page, its secret sealed, and removed by typing its name", async () => {
    const { cluster } = await connectCluster(ctx, { name: "Prod US", system: "kafka", connection })
    expect(cluster).toBe("prod-us")
    const row = await world.store.prisma.cluster.findUniqueOrThrow({ where: { slug: cluster } })
    expect(row.connection).not.toContain("pass-word-1")
    expect(JSON.stringify(await getCluster(ctx, { cluster }))).not.toContain("pass-word-1")
    const { targets } = await readTargets(world.store, ctx.vault)
    expect(targets.find((target) => target.slug === cluster)?.connection).toEqual(connection)
    const again = { name: "prod us", system: "kafka", connection }
    await expect(connectCluster(ctx, again)).rejects.toMatchObject({ code: "conflict" })
    await expect(removeCluster(ctx, { cluster, confirm: "prod" })).rejects.toMatchObject({
      code: "bad_input",
    })
    await removeCluster(ctx, { cluster, confirm: "Prod US" })
    await expect(getCluster(ctx, { cluster })).rejects.toMatchObject({ code: "not_found" })
    const audit = await world.store.prisma.auditEntry.findMany({ where: { target: cluster } })
    expect(audit.map((one) => `${one.actor} ${one.action}`)).toEqual([
      "ada@example.com cluster.connect",
      "ada@example.com cluster.remove",
    ])
    expect(
      JSON.stringify(audit, (_, value) => (typeof value === "bigint" ? `${value}` : value)),
    ).not.toContain("pass-word-1")
  })

  it("those of the file follow the file, and are not removed on the page", async () => {
    const one = { name: "One", slug: "one", system: "kafka", intervalMs: 10_000, connection }
    const two = { ...one, name: "Two", slug: "two" }
    const stored = async () =>
      (await readTargets(world.store, ctx.vault)).targets.filter((target) => target.slug !== "prod-eu")
    await syncFileClusters(world.store, ctx.vault, [one, two])
    const [first] = await stored()
    await expect(removeCluster(ctx, { cluster: "one", confirm: "One" })).rejects.toMatchObject({
      code: "conflict",
    })
    await syncFileClusters(world.store, ctx.vault, [one, two])
    expect((await stored())[0]?.revision).toBe(first?.revision)
    await syncFileClusters(world.store, ctx.vault, [{ ...one, intervalMs: 30_000 }])
    const after = await stored()
    expect(after.map((target) => [target.slug, target.intervalMs])).toEqual([["one", 30_000]])
    expect(after[0]?.clusterId).toBe(first?.clusterId)
    expect(after[0]?.revision).not.toBe(first?.revision)
  })
})
