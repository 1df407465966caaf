import { inject } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { keepPartitions, migrate, openStore, type Store } from "#server/store/index.ts"

/** A migrated database of the test's own, with partitions about `now`. */
export async function storeWorld(
  now = Date.now(),
): Promise<{ store: Store; clusterId: number } & AsyncDisposable> {
  const isToday = Math.abs(now - Date.now()) < 3_600_000
  const database = await createDatabase(inject("postgresUrl"), isToday ? "current" : "migrated")
  await migrate(database.url)
  const store = openStore(database.url, { max: 4 })
  await keepPartitions(store, now)
  const cluster = await store.prisma.cluster.create({
    data: { slug: "prod-eu", name: "prod-eu", system: "kafka", source: "page", connection: "sealed" },
  })
  return {
    store,
    clusterId: cluster.id,
    [Symbol.asyncDispose]: async () => {
      await store[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}
