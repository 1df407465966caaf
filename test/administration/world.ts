import { inject } from "vitest"
import type { Role } from "#server/actor.ts"
import type { Broker } from "#server/brokers/broker.ts"
import { readTargets } from "#server/clusters/index.ts"
import { ClusterSampling } from "#server/sampling/index.ts"
import { keepPartitions } from "#server/store/index.ts"
import { createCaller } from "#server/trpc/router.ts"
import { webWorld } from "#test/access/world.ts"
import { connectKafka } from "#test/brokers/kafka-world.ts"

export const CLUSTER = "shop"

/** A Signalbox that knows the test's Kafka cluster, asked through its procedures. */
export async function administrationWorld() {
  const world = await webWorld()
  const { store, vault, connections, log } = world.web
  const as = (role: Role) => {
    const actor = { kind: "user", id: role, email: `${role}@example.org`, role, clusters: {} } as const
    const actorNow = async () => actor
    return createCaller({ web: world.web, store, vault, connections, log, actor, actorNow, now: Date.now })
  }
  const connection = { bootstrap: inject("kafkaBootstrap").join(",") }
  await as("admin").clusters.connect({ name: CLUSTER, system: "kafka", connection })
  const broker = connectKafka(inject("kafkaBootstrap"))
  return {
    /** What a person of this role may ask. */
    as: (role: Role) => as(role).administration,
    store,
    /** What the collector does every ten seconds: afterwards the groups of each topic are known. */
    sweep: async () => {
      const [target] = (await readTargets(store, vault)).targets
      if (!target) throw new Error("the cluster was not stored")
      await keepPartitions(store, Date.now())
      const sampling = new ClusterSampling({ store, target, broker })
      await sampling.sweep(Date.now(), soon())
    },
    /** The cluster itself, to see what really came about. */
    broker,
    /** The newest entry of the audit log on a target. */
    entryOf: (target: string) =>
      store.prisma.auditEntry.findFirst({
        where: { target: { contains: target } },
        orderBy: { id: "desc" },
        select: {
          actor: true,
          action: true,
          cluster: true,
          before: true,
          after: true,
          result: true,
          reason: true,
        },
      }),
    [Symbol.asyncDispose]: async () => {
      await broker[Symbol.asyncDispose]()
      await world[Symbol.asyncDispose]()
    },
  }
}

export const soon = () => AbortSignal.timeout(60_000)

/** Writes so many messages to each partition. */
export async function write(broker: Broker, topic: string, counts: Record<number, number>, key?: string) {
  const message = {
    destination: topic,
    key: key === undefined ? null : Buffer.from(key),
    value: Buffer.from("order"),
    headers: [],
    timestamp: null,
  }
  const messages = Object.entries(counts).flatMap(([partition, count]) =>
    Array.from({ length: count }, () => ({ ...message, partition: Number(partition) })),
  )
  await broker.producer?.send(messages, soon())
}

/** Sets positions of a group without members, partition by partition. */
export async function commitAt(
  broker: Broker,
  group: string,
  topic: string,
  offsets: Record<number, number>,
) {
  const positions = Object.entries(offsets).map(([partition, offset]) => ({
    destination: topic,
    partition: Number(partition),
    offset: BigInt(offset),
  }))
  await broker.offsets?.commit({ name: group, type: "classic" }, positions, soon())
}
