import { createHash } from "node:crypto"
import { glob, readFile } from "node:fs/promises"
import path from "node:path"
import type pg from "pg"
import { keepPartitions, migrate, openStore } from "#server/store/index.ts"

/** Migrated, or with the partitions of today as well. */
export type Prepared = "migrated" | "current"

const LOCK = 7_245_900
const PREFIX = "signalbox_template_"
const MIGRATIONS = path.resolve(import.meta.dirname, "../../prisma/migrations")

const names = new Map<string, Promise<string>>()

/**
 * The database of a server that others are copied from, as copying takes a fraction of what migrating does. It is made once
 * for these migrations and this day; the client is connected to another database of the server.
 */
export async function templateDatabase(client: pg.Client, url: string, as: Prepared): Promise<string> {
  const key = `${new URL(url).host} ${as} ${today()}`
  const known = names.get(key) ?? nameOf(as).then((name) => ensure(client, { url, as, name }))
  names.set(key, known)
  return known
}

async function ensure(client: pg.Client, of: { url: string; as: Prepared; name: string }): Promise<string> {
  const { name } = of
  if (await exists(client, name)) return name
  await client.query("select pg_advisory_lock($1)", [LOCK])
  try {
    if (!(await exists(client, name))) await make(client, of)
  } finally {
    await client.query("select pg_advisory_unlock($1)", [LOCK])
  }
  return name
}

/** Under another name until it is whole. */
async function make(client: pg.Client, of: { url: string; as: Prepared; name: string }): Promise<void> {
  const { as, name } = of
  await dropOld(client)
  await client.query(`drop database if exists ${name}_new with (force)`)
  await client.query(`create database ${name}_new strategy file_copy`)
  const url = new URL(of.url)
  url.pathname = `/${name}_new`
  await migrate(url.href)
  if (as === "current") {
    await using store = openStore(url.href, { max: 1 })
    await keepPartitions(store, Date.now())
  }
  await client.query(`alter database ${name}_new with allow_connections false`)
  await client.query(`alter database ${name}_new rename to ${name}`)
}

/** Of former days; those of today may belong to another checkout. */
async function dropOld(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ datname: string }>(
    "select datname from pg_database where starts_with(datname, $1) and not starts_with(datname, $2)",
    [PREFIX, PREFIX + today()],
  )
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`)
}

async function exists(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query("select from pg_database where datname = $1", [name])
  return rowCount === 1
}

async function nameOf(as: Prepared): Promise<string> {
  const hash = createHash("sha256")
  const files: string[] = []
  for await (const file of glob("*/migration.sql", { cwd: MIGRATIONS })) files.push(file)
  for (const file of files.sort()) hash.update(file).update(await readFile(path.join(MIGRATIONS, file)))
  return `${PREFIX}${today()}_${hash.digest("hex").slice(0, 10)}_${as}`
}

function today(): string {
  return new Date().toISOString().slice(0, 10).replaceAll("-", "")
}
