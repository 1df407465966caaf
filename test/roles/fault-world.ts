import { type KafkaCluster, startKafka } from "#scripts/stack/kafka/kafka.ts"
import { type PostgresServer, startPostgres } from "#scripts/stack/postgres.ts"
import { type CollectorWorld, collectorWorld } from "./world.ts"

/** A collector's world whose servers are its own, so that they may be killed. */
export async function faultWorld(
  intervalMs: number,
  brokers = 1,
): Promise<CollectorWorld & { postgres: PostgresServer; kafka: KafkaCluster }> {
  await using started = new AsyncDisposableStack()
  const postgres = started.use(await startPostgres())
  const kafka = started.use(await startKafka({ brokers }))
  const at = { databaseUrl: postgres.url, bootstrap: kafka.bootstrap, intervalMs }
  const world = started.use(await collectorWorld(at))
  const owned = started.move()
  return { ...world, postgres, kafka, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}
