import type { BrokerNode, Problem } from "../broker.ts"
import type { LogDirs } from "./log-dirs.ts"
import { type Metadata, missingNodes } from "./metadata.ts"

/** The brokers, those that are down too (known by the replicas they hold), with what is on their disks. */
export function describeNodes(
  metadata: Metadata,
  logDirs: LogDirs,
): { found: BrokerNode[]; problems: Problem[] } {
  const problems: Problem[] = []
  const alive = metadata.brokers.map(
    (broker): BrokerNode => ({
      id: broker.nodeId,
      host: broker.host,
      port: broker.port,
      rack: broker.rack,
      controller: broker.nodeId === metadata.controllerId,
      online: logDirs.has(broker.nodeId),
      logDirs: logDirs.get(broker.nodeId)?.dirs ?? null,
    }),
  )
  const down = missingNodes(metadata).map((id): BrokerNode => {
    problems.push({
      part: { kind: "node", node: id },
      code: "BROKER_NOT_AVAILABLE",
      message: `Broker ${id} holds replicas but is not part of the cluster now: it is down.`,
    })
    return { id, host: "", port: 0, rack: null, controller: false, online: false, logDirs: null }
  })
  return { found: [...alive, ...down].sort((a, b) => a.id - b.id), problems }
}
