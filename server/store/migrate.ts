import { createHash, randomUUID } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import path from "node:path"
import pg from "pg"
import { DomainError } from "#server/errors.ts"

const LOCK = 7_245_001

/** Prisma's own bookkeeping, so that its CLI and ours may take turns on one database. */
const BOOKKEEPING = `create table if not exists _prisma_migrations (
  id varchar(36) primary key, checksum varchar(64) not null, finished_at timestamptz, migration_name varchar(255) not null,
  logs text, rolled_back_at timestamptz, started_at timestamptz not null default now(), applied_steps_count integer not null default 0)`

interface Migration {
  name: string
  sql: string
  checksum: string
}

/**
 * Brings the database to this version's schema: applies the SQL of prisma/migrations in order, each in a transaction,
 * under an advisory lock, so that any number of processes may start at once. Returns the names applied now.
 * Rejects with `conflict` when an applied migration was changed afterwards, or when the database is newer than this
 * Signalbox.
 */
export async function migrate(url: string, folder = ownMigrations()): Promise<string[]> {
  const migrations = await readMigrations(folder)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  await client.connect().catch((cause: unknown) => {
    throw new DomainError("store_unavailable", `Signalbox cannot reach its database: ${String(cause)}`, {
      cause,
    })
  })
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK])
    await client.query(BOOKKEEPING)
    const applied = await readApplied(client)
    checkApplied(migrations, applied)
    const pending = migrations.filter((migration) => !applied.has(migration.name))
    for (const migration of pending) await apply(client, migration)
    return pending.map((migration) => migration.name)
  } finally {
    await client.end()
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => {
      const sql = await readFile(path.join(folder, name, "migration.sql"), "utf8")
      return { name, sql, checksum: createHash("sha256").update(sql).digest("hex") }
    }),
  )
}

async function readApplied(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ migration_name: string; checksum: string }>(
    "select migration_name, checksum from _prisma_migrations where finished_at is not null and rolled_back_at is null",
  )
  return new Map(rows.map((row) => [row.migration_name, row.checksum]))
}

function checkApplied(migrations: Migration[], applied: Map<string, string>): void {
  const known = new Map(migrations.map((migration) => [migration.name, migration.checksum]))
  for (const [name, checksum] of applied) {
    const ours = known.get(name)
    if (ours === undefined) {
      const advice = "Start the newer Signalbox, or use another database."
      throw new DomainError(
        "conflict",
        `The database is newer than this Signalbox (migration ${name}). ${advice}`,
      )
    }
    if (ours !== checksum) {
      const advice = "Restore the file as it was; changes go into a migration of their own."
      throw new DomainError(
        "conflict",
        `The migration ${name} was changed after it had been applied. ${advice}`,
      )
    }
  }
}

async function apply(client: pg.Client, migration: Migration): Promise<void> {
  await client.query("begin")
  try {
    await client.query(migration.sql)
    await client.query(
      `insert into _prisma_migrations (id, checksum, finished_at, migration_name, applied_steps_count)
       values ($1, $2, now(), $3, 1)`,
      [randomUUID(), migration.checksum, migration.name],
    )
    await client.query("commit")
  } catch (cause) {
    await client.query("rollback")
    throw new DomainError("internal", `The migration ${migration.name} failed: ${String(cause)}`, { cause })
  }
}

/** Asked for only when it is needed: Next's bundle of this file has no folder of its own. */
function ownMigrations(): string {
  return path.resolve(import.meta.dirname, "../../prisma/migrations")
}
