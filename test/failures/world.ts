import { inject } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createVault } from "#server/access/secrets.ts"
import type { Broker, NewMessage } from "#server/brokers/broker.ts"
import { Connections } from "#server/brokers/connections.ts"
import { readTargets, syncFileClusters } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import { DeadDestinations } from "#server/failures/indexing/sources.ts"
import { indexWaiting, type WatchParts } from "#server/failures/indexing/watch.ts"
import { createLogger } from "#server/log.ts"
import {
  keepPartitions,
  migrate,
  newSweepMemory,
  openStore,
  type Store,
  transaction,
  writeSweep,
} from "#server/store/index.ts"
import { createTopic, kafkaClient, unique } from "#test/brokers/kafka-world.ts"
import { newMessage } from "#test/brokers/producer-contract.ts"

export const CLUSTER = "shop"

export interface FailureWorld extends AsyncDisposable {
  databaseUrl: string
  store: Store
  broker: Broker
  clusterId: number
  ctx: Context
  parts: WatchParts
  /** Makes a topic that the collector's sweeps would know, and answers its name. */
  topic(name: string, partitions?: number): Promise<string>
  send(messages: NewMessage[]): Promise<void>
  /** Stores where the topics end now, as a sweep of the collector does. */
  sweep(): Promise<void>
  /** What the collector does after a sweep, and the sweep itself. */
  index(): Promise<void>
}

/** One real cluster, and a database that knows nothing of it but the topics that the test made. */
export async function failureWorld(
  at: { bootstrap: string[]; postgresUrl: string; registryUrl?: string } = {
    bootstrap: inject("kafkaBootstrap"),
    postgresUrl: inject("postgresUrl"),
  },
): Promise<FailureWorld> {
  const { bootstrap } = at
  const database = await createDatabase(at.postgresUrl)
  await migrate(database.url)
  const store = openStore(database.url, { max: 6 })
  const vault = createVault(Buffer.alloc(32, 7))
  const { registryUrl } = at
  const connection = { bootstrap: bootstrap.join(","), ...(registryUrl ? { registryUrl } : {}) }
  await syncFileClusters(store, vault, [
    { name: CLUSTER, slug: CLUSTER, system: "kafka", intervalMs: 10_000, connection },
  ])
  const [target] = (await readTargets(store, vault)).targets
  if (!target) throw new Error("the cluster was not stored")
  const { clusterId } = target
  const log = createLogger("test")
  const connections = new Connections({ clientId: "signalbox-test", log: () => undefined })
  const broker = connections.get(target)
  const actor = {
    kind: "user" as const,
    id: "u1",
    email: "ada@example.org",
    role: "operator" as const,
    clusters: {},
  }
  const { id, email, role } = actor
  await store.prisma.user.create({ data: { id, email, role, name: "Ada", emailVerified: true } })
  const ctx: Context = { store, vault, connections, actor, log, now: Date.now }
  const known = new DeadDestinations()
  await keepPartitions(store, Date.now())
  const parts: WatchParts = { store, broker, cluster: { id: clusterId, slug: CLUSTER }, log }
  const sweep = () => storeSweep({ store, broker, clusterId })
  return {
    databaseUrl: database.url,
    store,
    broker,
    clusterId,
    ctx,
    parts,
    topic: async (name, partitions = 3) => {
      await createTopic(kafkaClient(bootstrap), name, { partitions })
      const sampled = await broker.sample({ destinations: [name], groups: [] }, AbortSignal.timeout(60_000))
      const uid = sampled.destinations[0]?.uid ?? ""
      await store.prisma.destination.create({ data: { clusterId, name, uid, partitions } })
      return name
    },
    send: async (messages) => {
      await broker.producer?.send(messages, AbortSignal.timeout(60_000))
    },
    sweep,
    index: async () => {
      await sweep()
      await indexWaiting(parts, { forget: true, known }, AbortSignal.timeout(60_000))
    },
    [Symbol.asyncDispose]: async () => {
      await connections[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

/** Stores where the known topics end now, as a sweep of the collector does. */
export async function storeSweep(of: { store: Store; broker: Broker; clusterId: number }): Promise<void> {
  const { store, broker, clusterId } = of
  const known = await store.prisma.destination.findMany({ where: { clusterId, deletedAt: null } })
  const bounds = await broker.logs?.bounds(
    known.map((one) => one.name),
    AbortSignal.timeout(60_000),
  )
  const logs = (bounds?.found ?? []).flatMap(({ name, uid, starts, ends }) =>
    known
      .filter((one) => one.name === name && one.uid === uid)
      .map(({ id }) => ({ destinationId: id, starts, ends })),
  )
  const sweep = { clusterId, at: Date.now(), ms: 1, logs, commits: [] }
  await transaction(store, (client) => writeSweep(client, sweep, newSweepMemory()))
}

/** A topic and its dead-letter topic, with names that no other test has. */
export function shopTopics(): { orders: string; dead: string } {
  const orders = unique("orders")
  return { orders, dead: `${orders}.payment.DLT` }
}

export interface Died {
  orders: string
  dead: string
  /** What could not be read. */
  amount: string
  partition?: number
  offset?: bigint
  headers?: NewMessage["headers"]
  at?: number
  /** In place of the order as JSON. */
  value?: Buffer
}

/** A dead letter as Spring Kafka writes it. */
export function deadLetter(died: Died): NewMessage {
  const int32 = Buffer.alloc(4)
  int32.writeInt32BE(died.partition ?? 0)
  const int64 = Buffer.alloc(8)
  int64.writeBigInt64BE(died.offset ?? 0n)
  const texts = {
    "kafka_dlt-exception-fqcn": "org.springframework.kafka.listener.ListenerExecutionFailedException",
    "kafka_dlt-exception-cause-fqcn": "java.lang.NumberFormatException",
    "kafka_dlt-exception-message": `For input string: "${died.amount}"`,
    "kafka_dlt-exception-stacktrace": `Caused by: java.lang.NumberFormatException: For input string: "${died.amount}"\n\tat com.example.shop.Amounts.parse(Amounts.java:41)`,
    "kafka_dlt-original-topic": died.orders,
    "kafka_dlt-original-consumer-group": "payment",
  }
  return newMessage(died.dead, {
    partition: died.partition ?? 0,
    key: Buffer.from("c-1"),
    value:
      died.value ?? Buffer.from(JSON.stringify({ orderId: "o-1", amount: died.amount, currency: "EUR" })),
    headers: [
      ...(died.headers ?? []),
      ...Object.entries(texts).map(([key, text]) => ({ key, value: Buffer.from(text) })),
      { key: "kafka_dlt-original-partition", value: int32 },
      { key: "kafka_dlt-original-offset", value: int64 },
    ],
    timestamp: died.at ?? Date.now(),
  })
}
