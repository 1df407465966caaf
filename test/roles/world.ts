import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { openVault } from "#server/access/secrets.ts"
import { Connections } from "#server/brokers/connections.ts"
import { syncFileClusters } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import { createLogger } from "#server/log.ts"
import { keepPartitions, migrate, openStore, type Store } from "#server/store/index.ts"

export interface CollectorWorld extends AsyncDisposable {
  store: Store
  /** What the verbs are given, with the key that the collectors have. */
  ctx: Context
  /** Starts a collector as a real process. */
  start(): ChildProcess
  /** Moments of the stored sweeps of the cluster, ms, oldest first. */
  sweeps(): Promise<number[]>
}

/** A migrated database that knows one cluster, and collectors as processes. */
export async function collectorWorld(at: {
  databaseUrl: string
  bootstrap: string[]
  intervalMs: number
}): Promise<CollectorWorld> {
  const dataDir = await mkdtemp(path.join(tmpdir(), "signalbox-data-"))
  await migrate(at.databaseUrl)
  const store = openStore(at.databaseUrl, { max: 3 })
  await keepPartitions(store, Date.now())
  const vault = await openVault({ secret: undefined, dataDir })
  const connection = { bootstrap: at.bootstrap.join(",") }
  await syncFileClusters(store, vault, [
    { name: "shop", slug: "shop", system: "kafka", intervalMs: at.intervalMs, connection },
  ])
  const children: ChildProcess[] = []
  const connections = new Connections({ clientId: "signalbox-test", log: () => undefined })
  return {
    store,
    ctx: {
      ...{ store, vault, connections, now: Date.now },
      ...{ actor: { kind: "system" }, log: createLogger("test") },
    },
    start: () => {
      const env = {
        ...process.env,
        DATABASE_URL: at.databaseUrl,
        SIGNALBOX_DATA_DIR: dataDir,
        LOG_LEVEL: "warn",
      }
      const child = spawn(process.execPath, [path.resolve("server/roles/collector.ts")], {
        env,
        stdio: ["ignore", "ignore", "inherit"],
      })
      children.push(child)
      return child
    },
    sweeps: async () => {
      const { rows } = await store.pool.query<{ at: Date }>("select at from series.sweep order by at")
      return rows.map((row) => row.at.getTime())
    },
    [Symbol.asyncDispose]: async () => {
      for (const child of children) child.kill("SIGKILL")
      await connections[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}
