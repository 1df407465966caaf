import { describeLogDirsV4 } from "@platformatic/kafka"
import type { BrokerNode, LogDir, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problem, problemOf } from "./errors.ts"
import { type BrokerInfo, type Metadata, missingNodes } from "./metadata.ts"

/** The brokers, those that are down too (known by the replicas they hold), with what is on their disks. */
export async function describeNodes(
  client: KafkaClient,
  metadata: Metadata,
  signal: AbortSignal,
): Promise<{ found: BrokerNode[]; problems: Problem[] }> {
  const problems: Problem[] = []
  const alive = metadata.brokers.map(async (broker): Promise<BrokerNode> => {
    const dirs = await readLogDirs(client, broker, signal).catch((error: unknown) => {
      problems.push(
        problemOf({ kind: "node", node: broker.nodeId }, error, `The disks of broker ${broker.nodeId}`),
      )
      return null
    })
    if (dirs?.problem) problems.push(dirs.problem)
    return {
      id: broker.nodeId,
      host: broker.host,
      port: broker.port,
      rack: broker.rack,
      controller: broker.nodeId === metadata.controllerId,
      online: dirs !== null,
      logDirs: dirs?.logDirs ?? null,
    }
  })
  const down = missingNodes(metadata).map((id): BrokerNode => {
    problems.push({
      part: { kind: "node", node: id },
      code: "BROKER_NOT_AVAILABLE",
      message: `Broker ${id} holds replicas but is not part of the cluster now: it is down.`,
    })
    return { id, host: "", port: 0, rack: null, controller: false, online: false, logDirs: null }
  })
  const found = [...(await Promise.all(alive)), ...down].sort((a, b) => a.id - b.id)
  return { found, problems }
}

interface ReadDirs {
  logDirs: LogDir[] | null
  problem: Problem | null
}

async function readLogDirs(client: KafkaClient, broker: BrokerInfo, signal: AbortSignal): Promise<ReadDirs> {
  // null asks for all topics; the library types the list as required.
  const everything = null as unknown as []
  const answer = await client.send(broker, describeLogDirsV4.api, { args: [everything], signal })
  if (answer.errorCode !== 0) {
    const what = `The disks of broker ${broker.nodeId}`
    return { logDirs: null, problem: problem({ kind: "node", node: broker.nodeId }, answer.errorCode, what) }
  }
  const logDirs = answer.results.map((dir) => ({
    path: dir.logDir,
    usedBytes: dir.topics.reduce(
      (sum, topic) => topic.partitions.reduce((s, p) => s + p.partitionSize, sum),
      0n,
    ),
    totalBytes: dir.totalBytes < 0n ? null : dir.totalBytes,
    freeBytes: dir.usableBytes < 0n ? null : dir.usableBytes,
    error: dir.errorCode === 0 ? null : errorName(dir.errorCode),
  }))
  return { logDirs, problem: null }
}
