import { setTimeout as sleep } from "node:timers/promises"
import { createVault } from "#server/access/secrets.ts"
import { Connections } from "#server/brokers/connections.ts"
import { readTargets, syncFileClusters } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import { getGroup } from "#server/lag/queries/index.ts"
import type { GroupDetail } from "#server/lag/views.ts"
import { createLogger } from "#server/log.ts"
import { ClusterAlerts } from "#server/roles/collector/cluster-alerts.ts"
import { ClusterSampling } from "#server/sampling/sweep.ts"
import { keepPartitions, migrate, openStore, type Store } from "#server/store/index.ts"

export const CLUSTER = "shop"

export interface LagWorld extends AsyncDisposable {
  store: Store
  /** What the verbs behind the pages are given. */
  ctx: Context
  /** Reads configuration and members, as the collector does now and then. */
  describe(): Promise<void>
  /** One sweep of the collector, which stands for now or for another moment. Returns that moment. */
  sweep(at?: number): Promise<number>
  /** Forgets all that is kept in memory and begins again from the store, as a collector does that starts. */
  restart(): Promise<void>
  /** Sweeps every `everyMs` until stopped; rejects at `stop` when one failed. */
  keepSweeping(everyMs: number): { stop(): Promise<void> }
  /** What the page of a group is told. */
  group(name: string): Promise<GroupDetail>
}

/** The collector's own sampling of one real cluster into a database of the test's own, at moments the test chooses. */
export async function lagWorld(at: {
  databaseUrl: string
  bootstrap: readonly string[]
  /** Evaluates the alert rules at each sweep, as the collector does. */
  alerts?: boolean
}): Promise<LagWorld> {
  await migrate(at.databaseUrl)
  const store = openStore(at.databaseUrl, { max: 4 })
  await keepPartitions(store, Date.now())
  const vault = createVault(Buffer.alloc(32, 7))
  const connection = { bootstrap: at.bootstrap.join(",") }
  const cluster = { name: CLUSTER, slug: CLUSTER, system: "kafka", intervalMs: 10_000, connection }
  await syncFileClusters(store, vault, [cluster])
  const [target] = (await readTargets(store, vault)).targets
  if (!target) throw new Error("the cluster was not stored")
  const connections = new Connections({ clientId: "signalbox-test", log: () => undefined })
  const log = createLogger("test")
  const start = () => {
    const alerts = at.alerts ? new ClusterAlerts({ store, target, log }) : null
    return new ClusterSampling({
      store,
      target,
      broker: connections.get(target),
      ...(alerts ? { onStored: (client, moment) => alerts.stored(client, moment) } : {}),
    })
  }
  let sampling = await start()
  const ctx: Context = {
    store,
    vault,
    connections,
    actor: { kind: "system" },
    log,
    now: Date.now,
  }
  const sweep = async (at = Date.now()) => (await sampling.sweep(at, AbortSignal.timeout(120_000))).sampled.at
  return {
    store,
    ctx,
    describe: () => sampling.describe(AbortSignal.timeout(120_000)),
    sweep,
    restart: async () => {
      sampling = await start()
    },
    keepSweeping: (everyMs) => keepSweeping(sweep, everyMs),
    group: (group) => getGroup(ctx, { cluster: CLUSTER, group }),
    [Symbol.asyncDispose]: async () => {
      await connections[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

function keepSweeping(sweep: () => Promise<number>, everyMs: number): { stop(): Promise<void> } {
  let going = true
  const loop = async () => {
    while (going) {
      await sweep()
      await sleep(everyMs - (Date.now() % everyMs))
    }
  }
  const ended = loop()
  // The rejection is reported at `stop`; until then it must not end the process.
  ended.catch(() => undefined)
  return {
    stop: () => {
      going = false
      return ended
    },
  }
}
