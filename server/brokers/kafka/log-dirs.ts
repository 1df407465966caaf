import { describeLogDirsV4 } from "@platformatic/kafka"
import type { LogDir, Problem } from "../broker.ts"
import type { KafkaClient } from "./client.ts"
import { errorName, problem, problemOf } from "./errors.ts"
import type { BrokerInfo, Metadata } from "./metadata.ts"

/** What lies on the disks of each broker, by node id. A broker that did not answer has no entry. */
export type LogDirs = Map<number, BrokerLogs>

export interface BrokerLogs {
  /** Null: the broker answered, but refused to tell. */
  dirs: LogDir[] | null
  /** Bytes of its copies, by topic, then by partition. */
  copies: Map<string, Map<number, bigint>>
}

/** The disks of every broker, one request each. `topics: null` means all; else only the copies of these are told. */
export async function fetchLogDirs(
  client: KafkaClient,
  read: { metadata: Metadata; topics: readonly string[] | null; signal: AbortSignal },
): Promise<{ found: LogDirs; problems: Problem[] }> {
  const found: LogDirs = new Map()
  const problems: Problem[] = []
  const partitions = new Map(
    read.metadata.topics.map((topic) => [topic.name, topic.partitions.map((one) => one.index)]),
  )
  const topics = read.topics?.map((name) => ({ name, partitions: partitions.get(name) ?? [] })) ?? null
  const asked = read.metadata.brokers.map(async (broker) => {
    const what = `The disks of broker ${broker.nodeId}`
    const part = { kind: "node" as const, node: broker.nodeId }
    try {
      const told = await ask(client, broker, { topics, signal: read.signal })
      found.set(broker.nodeId, told.logs)
      if (told.errorCode !== 0) problems.push(problem(part, told.errorCode, what))
    } catch (error) {
      problems.push(problemOf(part, error, what))
    }
  })
  await Promise.all(asked)
  return { found, problems }
}

interface Question {
  topics: { name: string; partitions: number[] }[] | null
  signal: AbortSignal
}

async function ask(
  client: KafkaClient,
  broker: BrokerInfo,
  { topics, signal }: Question,
): Promise<{ logs: BrokerLogs; errorCode: number }> {
  const answer = await client.send(broker, describeLogDirsV4.api, { args: [topics], signal })
  const logs: BrokerLogs = { dirs: null, copies: new Map() }
  if (answer.errorCode !== 0) return { logs, errorCode: answer.errorCode }
  logs.dirs = answer.results.map((dir) => {
    let usedBytes = 0n
    for (const topic of dir.topics) {
      const copies = logs.copies.get(topic.name) ?? new Map<number, bigint>()
      logs.copies.set(topic.name, copies)
      for (const one of topic.partitions) {
        usedBytes += one.partitionSize
        // A copy on its way to another directory is not yet in use (KIP-113).
        if (!one.isFutureKey) copies.set(one.partitionIndex, one.partitionSize)
      }
    }
    return {
      path: dir.logDir,
      usedBytes,
      totalBytes: dir.totalBytes < 0n ? null : dir.totalBytes,
      freeBytes: dir.usableBytes < 0n ? null : dir.usableBytes,
      error: dir.errorCode === 0 ? null : errorName(dir.errorCode),
    }
  })
  return { logs, errorCode: 0 }
}
