import { PrismaPg } from "@prisma/adapter-pg"
import pg from "pg"
import { DomainError, isDomainError } from "../errors.ts"
import { PrismaClient } from "./prisma/client.ts"

/** The database, both ways: relations through Prisma, series and hot paths through the pool. */
export interface Store extends AsyncDisposable {
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
  readonly url: string
}

const CONNECT_TIMEOUT_MS = 3000

/** Opens lazily: the first query connects. A database that is away makes queries fail within seconds, never hang. */
export function openStore(url: string, options: { max?: number } = {}): Store {
  const config: pg.PoolConfig = {
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "signalbox",
  }
  const pool = new pg.Pool(config)
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined)
  const prisma = new PrismaClient({ adapter: new PrismaPg(config, { onPoolError: () => undefined }) })
  return {
    prisma,
    pool,
    url,
    [Symbol.asyncDispose]: async () => {
      await Promise.allSettled([prisma.$disconnect(), pool.ended ? Promise.resolve() : pool.end()])
    },
  }
}

const AWAY = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "ENOTFOUND",
  "57P01",
  "57P02",
  "57P03",
  "08006",
  "08001",
  "P1001",
  "P1002",
  "P1008",
  "P1017",
])

/** True when the database could not be reached or went away under the query, as against a query that is wrong. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // A broker that is away has the same network errors in its causes.
  if (isDomainError(error)) return error.code === "store_unavailable"
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  if (
    AWAY.has(code) ||
    /timeout exceeded when trying to connect|Connection terminated|Can't reach database/i.test(error.message)
  )
    return true
  if (error instanceof AggregateError) return error.errors.some(isStoreAway)
  return isStoreAway(error.cause)
}

/** The error as the rest of the program knows it: `store_unavailable` when the database is away, else itself. */
export function toStoreError(error: unknown): unknown {
  if (!isStoreAway(error)) return error
  return new DomainError(
    "store_unavailable",
    "Signalbox cannot reach its database; it tries again by itself.",
    { cause: error },
  )
}

/** Runs `work` in one transaction on one connection. */
export async function transaction<Result>(
  store: Store,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await store.pool.connect()
  let broken: Error | undefined
  // A connection that dies between two queries reports here; the query under way rejects as well.
  const onError = (error: Error) => {
    broken = error
  }
  client.on("error", onError)
  try {
    await client.query("begin")
    const result = await work(client)
    await client.query("commit")
    return result
  } catch (error) {
    await client.query("rollback").catch((cause: Error) => {
      broken = cause
    })
    throw error
  } finally {
    client.off("error", onError)
    client.release(broken)
  }
}
