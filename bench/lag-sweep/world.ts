import {
  type ConnectionPool,
  findCoordinatorV4,
  offsetCommitV8,
  ConnectionPool as Pool,
} from "@platformatic/kafka"
import { Kafka, logLevel } from "kafkajs"

export interface Shape {
  topics: number
  partitions: number
  groups: number
  /** Partitions that each group has committed on. */
  committed: number
}

export function topicName(index: number): string {
  return `bench.topic-${index}`
}

/** Topics and groups of the shape, on a cluster that has none. Commits are made without joining. */
export async function fill(bootstrap: string[], shape: Shape): Promise<void> {
  const admin = new Kafka({ brokers: bootstrap, logLevel: logLevel.NOTHING, requestTimeout: 120_000 }).admin()
  await admin.connect()
  for (let i = 0; i < shape.topics; i += 200) {
    const topics = Array.from({ length: Math.min(200, shape.topics - i) }, (_, k) => ({
      topic: topicName(i + k),
      numPartitions: shape.partitions,
      replicationFactor: 1,
    }))
    await admin.createTopics({ topics, waitForLeaders: false, timeout: 120_000 })
  }
  await admin.disconnect()
  await commitAll(bootstrap, shape)
}

async function commitAll(bootstrap: string[], shape: Shape): Promise<void> {
  const pool = new Pool("bench", { requestTimeout: 60_000 })
  const brokers = bootstrap.map((address) => {
    const [host = "", port = ""] = address.split(":")
    return { host, port: Number(port) }
  })
  const names = Array.from({ length: shape.groups }, (_, i) => `bench.group-${i}`)
  const coordinators = await findCoordinators(pool, brokers, names)
  for (let i = 0; i < names.length; i += 50) {
    await Promise.all(
      names
        .slice(i, i + 50)
        .map((name, k) => commit(pool, { name, index: i + k, at: coordinators.get(name), shape })),
    )
  }
  await pool.close()
}

interface Address {
  host: string
  port: number
}

async function findCoordinators(
  pool: ConnectionPool,
  brokers: Address[],
  names: string[],
): Promise<Map<string, Address>> {
  const connection = await pool.getFirstAvailable(brokers)
  for (;;) {
    const answer = await findCoordinatorV4.api.async(connection, 0, names).catch(() => null)
    if (answer)
      return new Map(answer.coordinators.map((one) => [one.key, { host: one.host, port: one.port }]))
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
}

async function commit(
  pool: ConnectionPool,
  group: { name: string; index: number; at: Address | undefined; shape: Shape },
): Promise<void> {
  if (!group.at) throw new Error(`no coordinator for ${group.name}`)
  const { partitions, topics, committed } = group.shape
  const wanted = Math.ceil(committed / partitions)
  const list = Array.from({ length: wanted }, (_, t) => ({
    name: topicName((group.index * wanted + t) % topics),
    partitions: Array.from(
      { length: Math.min(partitions, committed - t * partitions) },
      (_, partitionIndex) => ({
        partitionIndex,
        committedOffset: 0n,
        committedLeaderEpoch: -1,
        committedMetadata: null,
      }),
    ),
  }))
  for (let tries = 0, at = group.at; ; tries++) {
    const connection = await pool.get(at)
    const failure = await offsetCommitV8.api.async(connection, group.name, -1, "", null, list).then(
      () => null,
      (error: unknown) => error,
    )
    if (failure === null) return
    if (tries > 60) throw failure
    await new Promise((resolve) => setTimeout(resolve, 500))
    // A young cluster still moves its coordinators.
    at = (await findCoordinators(pool, [at], [group.name])).get(group.name) ?? at
  }
}
