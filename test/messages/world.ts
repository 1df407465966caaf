import { inject } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { createVault } from "#server/access/secrets.ts"
import type { Role } from "#server/actor.ts"
import { Connections } from "#server/brokers/connections.ts"
import { syncFileClusters } from "#server/clusters/targets.ts"
import type { Context } from "#server/context.ts"
import { createLogger } from "#server/log.ts"
import { migrate, openStore, type Store } from "#server/store/index.ts"
import { createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"

export const CLUSTER = "shop"

export interface MessagesWorld extends AsyncDisposable {
  store: Store
  /** What a verb is given when somebody with this role on every cluster acts. */
  as(role: Role): Context
  /** A new topic with these messages on its partitions. */
  topic(messages: Written[], options?: { partitions?: number }): Promise<string>
}

export interface Written {
  partition?: number
  key?: string | Buffer | null
  value: string | Buffer | null
  headers?: Record<string, string>
  timestamp?: string
}

/** A database that knows the shared Kafka as the cluster `shop`. */
export async function messagesWorld(connection: Record<string, unknown> = {}): Promise<MessagesWorld> {
  const database = await createDatabase(inject("postgresUrl"))
  await migrate(database.url)
  const store = openStore(database.url, { max: 5 })
  const vault = createVault(Buffer.alloc(32, 5))
  const connections = new Connections({ clientId: "signalbox-test", log: () => undefined })
  const bootstrap = inject("kafkaBootstrap").join(",")
  await syncFileClusters(store, vault, [
    {
      name: "shop",
      slug: CLUSTER,
      system: "kafka",
      intervalMs: 1000,
      connection: { bootstrap, ...connection },
    },
  ])
  // Whoever leaves a search to be done must be somebody: it ends with their rights.
  for (const role of ["viewer", "operator", "admin"] as const)
    await store.prisma.user.create({
      data: { id: role, email: `${role}@example.org`, role, name: role, emailVerified: true },
    })
  return {
    store,
    as: (role) => ({
      store,
      vault,
      connections,
      actor: { kind: "user", id: role, email: `${role}@example.org`, role, clusters: {} },
      log: createLogger("test"),
      now: Date.now,
    }),
    topic: async (messages, options = {}) => {
      const topic = unique("orders")
      const kafka = kafkaClient()
      await createTopic(kafka, topic, {
        partitions: options.partitions ?? 1,
        config: { "max.message.bytes": "16000000" },
      })
      for (let at = 0; at < messages.length; at += 1000)
        await produce(kafka, topic, messages.slice(at, at + 1000))
      return topic
    },
    [Symbol.asyncDispose]: async () => {
      await connections[Symbol.asyncDispose]()
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
