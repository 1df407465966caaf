import { PrismaPg } from "@prisma/adapter-pg"
import pg from "pg"
import { DomainError, isDomainError } from "#server/errors.ts"
import { PrismaClient } from "./prisma/client.ts"
import { DEFAULT_KEEP, type Keep } from "./series/tables.ts"

/** The database, both ways on one pool: relations through Prisma, series and hot paths directly. */
export interface Store extends AsyncDisposable {
  readonly prisma: PrismaClient
  readonly pool: pg.Pool
  readonly url: string
  /** How long each resolution of the series is kept. */
  readonly keep: Keep
}

export interface StoreOptions {
  /** Connections to the database at most, of Prisma and the pool together. Default: 10. */
  max?: number
  keep?: Keep
  /** How long a statement may take, ms. Default: what a person would wait for a page. */
  statementTimeoutMs?: number
}

const CONNECT_TIMEOUT_MS = 3000
const STATEMENT_TIMEOUT_MS = 15_000
/** A server that hangs as a whole ends no statement: then we stop waiting, this much later. */
const SILENCE_MS = 5000

/**
 * Opens lazily: the first query connects. A database that is away makes queries fail within seconds; one that is locked
 * or hangs makes them fail after the statement's time. No query waits for ever.
 */
export function openStore(url: string, options: StoreOptions = {}): Store {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS
  const config: pg.PoolConfig = {
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    application_name: "signalbox",
  }
  const pool = new pg.Pool(config)
  // An idle connection that breaks is replaced at the next query; without a listener it would end the process.
  pool.on("error", () => undefined)
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) })
  return {
    prisma,
    pool,
    url,
    keep: options.keep ?? DEFAULT_KEEP,
    [Symbol.asyncDispose]: async () => {
      await prisma.$disconnect().catch(() => undefined)
      if (!pool.ended) await pool.end().catch(() => undefined)
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

/** What pg and Prisma say without a code; "not queryable" is a connection that died between two queries. */
const AWAY_WORDS =
  /timeout exceeded when trying to connect|Connection terminated|not queryable|Can't reach database/i

/** True when the database could not be reached or went away under the query, as against a query that is wrong. */
export function isStoreAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // A broker that is away has the same network errors in its causes.
  if (isDomainError(error)) return error.code === "store_unavailable"
  const code = "code" in error && typeof error.code === "string" ? error.code : ""
  if (AWAY.has(code) || AWAY_WORDS.test(error.message)) return true
  if (error instanceof AggregateError) return error.errors.some(isStoreAway)
  return isStoreAway(error.cause)
}

/** True when the database refused what a statement was given: its values, its sizes, its constraints. Never for a fault of its own. */
export function isDataRefused(error: unknown): boolean {
  const code = error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : ""
  // SQLSTATE classes: data exception, integrity constraint violation, program limit exceeded.
  return /^(22|23|54)...$/.test(code)
}

/** True when the database took longer than a statement may: it is locked, overloaded or hangs. */
function isStoreSlow(error: unknown): boolean {
  if (!(error instanceof Error) || isDomainError(error)) return false
  if (("code" in error && ENDED.has(String(error.code))) || isSilent(error)) return true
  return isStoreSlow(error.cause)
}

/** PostgreSQL's query_canceled, and what Prisma makes of it. */
const ENDED = new Set(["57014", "P2039"])

/** True when the server did not answer at all, not even that the statement was ended. */
function isSilent(error: unknown): boolean {
  return error instanceof Error && error.message === "Query read timeout"
}

/** The error as the rest of the program knows it: `store_unavailable` when the database is away or hangs, else itself. */
export function toStoreError(error: unknown): unknown {
  if (isStoreSlow(error))
    return new DomainError(
      "store_unavailable",
      "Signalbox's database took too long to answer. It may be overloaded, or something holds a lock in it.",
      { cause: error },
    )
  if (!isStoreAway(error)) return error
  return new DomainError(
    "store_unavailable",
    "Signalbox cannot reach its database; it retries automatically.",
    { cause: error },
  )
}

/**
 * Runs `work` on one connection of its own, for what belongs to a session, such as its locks. `spoil` says that the
 * connection must not be used again. A connection that dies between two queries ends neither the process nor the next use.
 */
export async function withConnection<Result>(
  store: Pick<Store, "pool">,
  work: (client: pg.PoolClient, spoil: (cause: Error) => void) => Promise<Result>,
): Promise<Result> {
  const client = await store.pool.connect()
  let broken: Error | undefined
  const spoil = (cause: Error) => {
    broken = cause
  }
  // pg reports here what breaks between two queries; nobody listening would end the process.
  client.on("error", spoil)
  try {
    return await work(client, spoil)
  } finally {
    client.off("error", spoil)
    client.release(broken)
  }
}

/** Runs `work` in one transaction on one connection. */
export function transaction<Result>(
  store: Pick<Store, "pool">,
  work: (client: pg.PoolClient) => Promise<Result>,
): Promise<Result> {
  return withConnection(store, async (client, spoil) => {
    try {
      await client.query("begin")
      const result = await work(client)
      await client.query("commit")
      return result
    } catch (error) {
      // One that is silent would not hear the rollback either; ending its connection rolls back as well.
      if (isSilent(error)) spoil(error as Error)
      else await client.query("rollback").catch(spoil)
      throw error
    }
  })
}
