import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { type EmbeddedPostgres, startEmbeddedPostgres } from "#server/store/embedded.ts"
import { freePort } from "./ports.ts"
import { type Prepared, templateDatabase } from "./template-database.ts"

export interface PostgresOptions {
  /** Keeps the data there; default a temporary folder, deleted on disposal. */
  dataDir?: string
  port?: number
  config?: Record<string, string>
}

export interface PostgresServer extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** SIGKILL to the postmaster: what a crash does. Its backends end by themselves. */
  kill(): Promise<void>
  /** Starts again on the same port and data. */
  start(): Promise<void>
  stop(): Promise<void>
  /** URL of an empty database of one's own in this server. */
  createDatabase(name?: string): Promise<string>
}

/** A PostgreSQL of one's own. Settings trade durability for speed unless the test says otherwise. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), "signalbox-pg-")))
  const port = options.port ?? (await freePort())
  const settings = { max_connections: "300", shared_buffers: "128MB", fsync: "off", ...options.config }
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, port, settings })
  return {
    get url() {
      return server.url
    },
    get pid() {
      return server.pid
    },
    kill: async () => {
      process.kill(server.pid, "SIGKILL")
      await server.exited
    },
    start: async () => {
      server = await startEmbeddedPostgres({ dataDir, port, settings })
    },
    stop: () => server.stop(),
    createDatabase: (name) => addDatabase(server.url, { name, as: "empty" }),
    [Symbol.asyncDispose]: async () => {
      await server.stop()
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A database of the test's own in a running PostgreSQL; dropped on disposal. */
export async function createDatabase(
  serverUrl: string,
  as: Prepared | "empty" = "current",
): Promise<{ url: string } & AsyncDisposable> {
  const url = await addDatabase(serverUrl, { as })
  const name = new URL(url).pathname.slice(1)
  return {
    url,
    [Symbol.asyncDispose]: () =>
      onServer(serverUrl, (client) => client.query(`drop database if exists ${name} with (force)`)),
  }
}

async function addDatabase(
  serverUrl: string,
  options: { name?: string | undefined; as: Prepared | "empty" },
): Promise<string> {
  const { name = `test_${randomBytes(8).toString("hex")}`, as } = options
  await onServer(serverUrl, async (client) => {
    const template = as === "empty" ? "template1" : await templateDatabase(client, serverUrl, as)
    await client.query(`create database ${name} template ${template} strategy file_copy`)
  })
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return url.href
}

async function onServer(url: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}
