import { inject } from "vitest"
import { kafkaClasspath } from "#scripts/stack/kafka/jars.ts"
import { kafkaTools } from "#scripts/stack/kafka/tools.ts"
import { createDatabase } from "#scripts/stack/postgres.ts"
import type { Broker } from "#server/brokers/broker.ts"
import { openBroker } from "#server/clusters/index.ts"
import type { Context } from "#server/context.ts"
import { applyPlan, getPlan, previewReset } from "#server/offsets/index.ts"
import type { Scope, Strategy } from "#server/offsets/model.ts"
import type { PlanView } from "#server/offsets/views.ts"
import { connectKafka, createTopic, kafkaClient, produce, unique } from "#test/brokers/kafka-world.ts"
import { CLUSTER, lagWorld } from "#test/lag/world.ts"

export interface Shelf {
  topic: string
  group: string
}

/** The verbs of the area over a database of the test's own and the real cluster. */
export async function offsetsWorld() {
  const database = await createDatabase(inject("postgresUrl"))
  const world = await lagWorld({ databaseUrl: database.url, bootstrap: inject("kafkaBootstrap") })
  const actor = { kind: "user", id: "u", email: "ann@example.org", role: "operator", clusters: {} } as const
  const { id, email, role } = actor
  await world.store.prisma.user.create({ data: { id, email, role, name: "Ann" } })
  const ctx: Context = { ...world.ctx, actor }
  const get = (group: string, plan: string): Promise<PlanView> =>
    getPlan(ctx, { cluster: CLUSTER, group, plan, show: "all", page: 1, pageSize: 50 })
  return {
    ...world,
    ctx,
    databaseUrl: database.url,
    get,
    /** Makes a plan and answers it as its page shows it. */
    preview: async (group: string, strategy: Strategy, scope: Scope = null): Promise<PlanView> => {
      const { plan } = await previewReset(ctx, { cluster: CLUSTER, group, strategy, scope, create: false })
      return get(group, plan)
    },
    /** The same for a group that does not exist. */
    previewNew: async (group: string, strategy: Strategy, scope: Scope = null): Promise<PlanView> => {
      const { plan } = await previewReset(ctx, { cluster: CLUSTER, group, strategy, scope, create: true })
      return get(group, plan)
    },
    apply: (group: string, plan: string) => applyPlan(ctx, { cluster: CLUSTER, group, plan }),
    commits: (group: string) => readCommits(ctx, group),
    /** What the log says of acts that are over. */
    audit: () =>
      world.store.prisma.auditEntry.findMany({
        where: { action: { startsWith: "offsets." }, result: { not: "begun" } },
        orderBy: { id: "asc" },
      }),
    [Symbol.asyncDispose]: async () => {
      await world[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function readCommits(ctx: Context, group: string): Promise<Record<string, number>> {
  return commitsAt(await openBroker(ctx, CLUSTER), group)
}

/** Where a group of the real cluster stands, by topic/partition, whatever its name. */
export async function commitsOf(group: string): Promise<Record<string, number>> {
  await using broker = connectKafka(inject("kafkaBootstrap"))
  return await commitsAt(broker, group)
}

async function commitsAt(broker: Broker, group: string): Promise<Record<string, number>> {
  const sampled = await broker.sample({ groups: [group], destinations: [] }, AbortSignal.timeout(60_000))
  return Object.fromEntries(
    (sampled.groups[0]?.commits ?? []).flatMap((one) =>
      one.offsets.flatMap((offset, partition) =>
        offset === null ? [] : [[`${one.destination}/${partition}`, Number(offset)]],
      ),
    ),
  )
}

const MINUTE = 60_000
/** When the first message of a shelf was written: message i of each partition came i minutes later. */
export const BEGAN = Date.now() - 1000 * MINUTE

/** A topic of two partitions with 100 messages each, a minute apart, and a group that stands at 60 and 40. */
export async function shelf(
  offsets: Record<number, number> = { 0: 60, 1: 40 },
  began = BEGAN,
): Promise<Shelf> {
  const kafka = kafkaClient()
  const topic = unique("orders")
  const group = unique("billing")
  await createTopic(kafka, topic, { partitions: 2 })
  const messages = Array.from({ length: 200 }, (_, i) => ({
    partition: i % 2,
    value: `order ${i >> 1}`,
    timestamp: String(began + (i >> 1) * MINUTE),
  }))
  await produce(kafka, topic, messages)
  await stand(group, { topic, offsets })
  return { topic, group }
}

/** Puts a group without members somewhere, as another operator's tool would. */
export async function stand(group: string, at: { topic: string; offsets: Record<number, number> }) {
  const positions = Object.entries(at.offsets).map(([partition, offset]) => ({
    destination: at.topic,
    partition: Number(partition),
    offset: BigInt(offset),
  }))
  if (positions.length === 0) return
  await using broker = connectKafka(inject("kafkaBootstrap"))
  await broker.offsets?.commit({ name: group, type: "classic" }, positions, AbortSignal.timeout(60_000))
}

/** Where Kafka's own tool says that a group stands, by topic/partition. */
export async function described(group: string, tool: "consumer-groups" | "share-groups" = "consumer-groups") {
  const tools = kafkaTools(await kafkaClasspath(), inject("kafkaBootstrap"))
  const table = await tools.run(tool, ["--describe", "--group", group, "--offsets"])
  const rows = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter((cells) => cells[0] === group)
  return Object.fromEntries(rows.map((cells) => [`${cells[1]}/${cells[2]}`, Number(cells[3])]))
}
