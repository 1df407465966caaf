import type { Connections } from "#server/brokers/connections.ts"
import type { ClusterTarget } from "#server/clusters/index.ts"
import { runReplays, watchFailures } from "#server/failures/index.ts"
import type { Logger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"

/** Indexes the dead letters of one cluster, and works its replays, until the signal aborts. Never rejects. */
export async function keepFailures(
  parts: { store: Store; connections: Connections; target: ClusterTarget; log: Logger },
  signal: AbortSignal,
): Promise<void> {
  const { store, connections, target, log } = parts
  const cluster = { id: target.clusterId, slug: target.slug }
  try {
    const broker = connections.get(target)
    const own = { store, broker, cluster, log }
    await Promise.all([watchFailures(own, signal), runReplays(own, signal)])
  } catch (error) {
    log.error({ cluster: target.slug, err: error }, "dead letters are not read")
  }
}
