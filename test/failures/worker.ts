import { createVault } from "#server/access/secrets.ts"
import { Connections } from "#server/brokers/connections.ts"
import { readTargets } from "#server/clusters/targets.ts"
import { createLogger } from "#server/log.ts"
import { keepFailures } from "#server/roles/collector/failures.ts"
import { openStore } from "#server/store/index.ts"

/** Indexes dead letters and works replays as the collector does, in a process that a test can kill. */
const store = openStore(process.env.DATABASE_URL ?? "", { max: 6 })
const [target] = (await readTargets(store, createVault(Buffer.alloc(32, 7)))).targets
if (!target) throw new Error("there is no cluster")
const connections = new Connections({ clientId: "signalbox-worker", log: () => undefined })
await keepFailures({ store, connections, target, log: createLogger("test") }, new AbortController().signal)
