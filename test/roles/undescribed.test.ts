import { Registry } from "prom-client"
import { describe, expect, inject, it } from "vitest"
import { createVault } from "#server/access/secrets.ts"
import type { Broker } from "#server/brokers/broker.ts"
import { Connections, type Target } from "#server/brokers/connections.ts"
import { readTargets, syncFileClusters } from "#server/clusters/targets.ts"
import { createLogger } from "#server/log.ts"
import { sampleCluster } from "#server/roles/collector/loop.ts"
import { collectorMetrics } from "#server/roles/collector/metrics.ts"
import { storeWorld } from "#test/store/world.ts"
import { until } from "#test/until.ts"

/** Real connections, whose describing fails until it is allowed. */
class Undescribable extends Connections {
  allowed = false

  override get(target: Target): Broker {
    const broker = super.get(target)
    const describe: Broker["describe"] = (scope, signal) =>
      this.allowed ? broker.describe(scope, signal) : Promise.reject(new Error("the broker hung up"))
    return Object.create(broker, { describe: { value: describe } })
  }
}

describe("a cluster that cannot be described", () => {
  it("is sampled all the same, and says so among its problems until it can be", async () => {
    await using world = await storeWorld()
    const vault = createVault(Buffer.alloc(32, 7))
    const connection = { bootstrap: inject("kafkaBootstrap").join(",") }
    const cluster = { name: "shop", slug: "shop", system: "kafka", intervalMs: 1000, connection }
    await syncFileClusters(world.store, vault, [cluster])
    const target = (await readTargets(world.store, vault)).targets.find((one) => one.slug === "shop")
    if (!target) throw new Error("the cluster was not stored")
    await using connections = new Undescribable({ clientId: "signalbox-test", log: () => undefined })
    const stop = new AbortController()
    const metrics = collectorMetrics(new Registry(), 10)
    const log = createLogger("test")
    log.level = "silent"
    const ended = sampleCluster({ store: world.store, connections, target, log, metrics }, stop.signal)
    const state = async () => {
      const where = { clusterId: target.clusterId }
      const row = await world.store.prisma.clusterState.findFirst({ where })
      return { sampled: row?.sampledAt, error: row?.error, problems: JSON.stringify(row?.problems ?? {}) }
    }
    await until("it is sampled and told", async () => {
      const { sampled, problems } = await state()
      return Boolean(sampled) && problems.includes("could not be described")
    })
    expect((await state()).problems).toContain("the broker hung up")
    expect((await state()).error).toBeNull()
    connections.allowed = true
    await until("it is forgotten", async () => !(await state()).problems.includes("could not be described"))
    stop.abort()
    await ended
  })
})
