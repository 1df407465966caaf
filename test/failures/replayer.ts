import { createVault } from "#server/access/secrets.ts"
import { Connections } from "#server/brokers/connections.ts"
import { readTargets } from "#server/clusters/targets.ts"
import { runReplays } from "#server/failures/index.ts"
import { createLogger } from "#server/log.ts"
import { openStore } from "#server/store/index.ts"

/** Works replays as the collector does, in a process that a test can kill. */
const store = openStore(process.env.DATABASE_URL ?? "", { max: 3 })
const [target] = (await readTargets(store, createVault(Buffer.alloc(32, 7)))).targets
if (!target) throw new Error("there is no cluster")
const connections = new Connections({ clientId: "signalbox-replayer", log: () => undefined })
const cluster = { id: target.clusterId, slug: target.slug }
await runReplays(
  { store, broker: connections.get(target), cluster, log: createLogger("test") },
  new AbortController().signal,
)
