import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { type EmbeddedPostgres, freePort, startEmbeddedPostgres } from "#server/store/embedded.ts"

export interface PostgresServer extends AsyncDisposable {
  readonly url: string
  readonly pid: number
  /** SIGKILL to the postmaster and all its backends' parent: what a crashed machine does. */
  kill(): Promise<void>
  /** Starts again on the same port and data. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** A PostgreSQL of one's own, for tests that kill it. Settings trade durability for speed. */
export async function startPostgres(options: { dataDir?: string } = {}): Promise<PostgresServer> {
  const dataDir = options.dataDir ?? (await mkdtemp(path.join(tmpdir(), "signalbox-pg-")))
  const port = await freePort()
  const settings = { max_connections: "300" }
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ dataDir, port, settings })
  const stop = () => server.stop()
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
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop()
      if (!options.dataDir) await rm(dataDir, { recursive: true, force: true })
    },
  }
}

/** A database of the test's own in a running PostgreSQL; dropped on disposal. */
export async function createDatabase(serverUrl: string): Promise<{ url: string } & AsyncDisposable> {
  const name = `test_${randomBytes(8).toString("hex")}`
  await onServer(serverUrl, `create database ${name}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return {
    url: url.href,
    [Symbol.asyncDispose]: () => onServer(serverUrl, `drop database ${name} with (force)`),
  }
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(sql)
  await client.end()
}
