import "./expect-node.mjs"
import { createServer } from "node:net"
import path from "node:path"
import { checkKey, ensureSetupLink, ensureUser, openVault, readSignIn } from "./access/index.ts"
import { ensureDefaultRules, followFileRules, syncFileRules } from "./alerts/index.ts"
import { ensureBuild } from "./build/index.ts"
import { readOwnFile, syncFileClusters } from "./clusters/index.ts"
import { type Config, type RoleName, readConfig } from "./config.ts"
import { DomainError, isDomainError } from "./errors.ts"
import { createLogger } from "./log.ts"
import { ALLOCATOR } from "./roles/allocator.ts"
import { untilStopped } from "./roles/process.ts"
import { type RoleProcess, supervise } from "./roles/supervisor.ts"
import { readSecretFiles } from "./secret-files.ts"
import { startEmbeddedPostgres } from "./store/embedded.ts"
import { keepPartitions, migrate, openStore } from "./store/index.ts"

/**
 * `npm start`: the whole product on one machine. With `--dev`, as `npm run dev` starts it, pages are compiled as they are
 * asked for, and the collector starts again when its sources change.
 */
const DEV = process.argv.includes("--dev")
const log = createLogger("supervisor")

try {
  readSecretFiles(process.env)
  await main(readConfig(process.env))
} catch (error) {
  // A person reads this at a terminal: one sentence, and the cause only where it is not ours.
  console.error(isDomainError(error) ? `Signalbox: ${error.message}` : error)
  process.exitCode = 1
}

async function main(config: Config): Promise<void> {
  const stop = untilStopped()
  if (config.roles.includes("web")) {
    await refuseBusyPort(config)
    if (!DEV) await expectBuilt(config, stop)
    if (stop.aborted) return
  }
  const embedded = config.databaseUrl
    ? null
    : await startEmbeddedPostgres({ dataDir: path.join(config.dataDir, "postgres") })
  const databaseUrl = config.databaseUrl ?? embedded?.url ?? ""
  try {
    const link = await prepare(config, databaseUrl)
    if (!stop.aborted) announce(config, link)
    const env = {
      ...ALLOCATOR,
      ...process.env,
      // A role that ended is back in half the time: what it loads was compiled before.
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(config.dataDir, "compile-cache"),
      DATABASE_URL: databaseUrl,
      SIGNALBOX_DATA_DIR: config.dataDir,
    }
    const roles = config.roles.map((role) => roleProcess(role, env))
    await using store = openStore(databaseUrl, { max: 2, keep: config.keep })
    const rules = followFileRules({ store, log, configFile: config.configFile, env: process.env }, stop)
    await supervise(roles, log, stop)
    await rules
  } finally {
    await embedded?.stop()
  }
}

async function expectBuilt(config: Config, stop: AbortSignal): Promise<void> {
  const onBuild = () => console.log("Building the pages, which takes about a minute ...")
  await ensureBuild({ basePath: config.basePath, onBuild, signal: stop }).catch((error: unknown) => {
    if (!stop.aborted) throw error
  })
}

/** Schema, partitions, users and the clusters of signalbox.yaml. Returns the set-up link, if there is no user yet. */
async function prepare(config: Config, databaseUrl: string): Promise<string | null> {
  await migrate(config.migrateUrl ?? databaseUrl)
  await using store = openStore(databaseUrl, { keep: config.keep })
  await keepPartitions(store, Date.now())
  const vault = await openVault(config)
  await checkKey(store, vault)
  await ensureDefaultRules(store)
  const file = await readOwnFile(config, process.env)
  readSignIn(file?.signIn, process.env)
  if (file) {
    await syncFileClusters(store, vault, file.clusters)
    for (const problem of await syncFileRules(store, file)) console.error(`Signalbox: ${problem}`)
  }
  if (config.demo) await ensureUser(store, { ...config.demo, name: "Demo", role: "admin" })
  // Awaited here: the store is closed as soon as this returns.
  return await ensureSetupLink(store, config.url)
}

function announce(config: Config, link: string | null): void {
  console.log(`\nSignalbox is at ${config.url}`)
  if (link) console.log(`First start: make the first administrator here (this link works once):\n  ${link}`)
  console.log()
}

function roleProcess(role: RoleName, env: NodeJS.ProcessEnv): RoleProcess {
  const script = path.join(import.meta.dirname, "roles", `${role}.ts`)
  const args = !DEV ? [script] : role === "web" ? [script, "--dev"] : ["--watch", script]
  return { name: role, command: process.execPath, args, env }
}

async function refuseBusyPort(config: Config): Promise<void> {
  const free = await new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen(config.port, config.host, () => server.close(() => resolve(true)))
  })
  if (!free)
    throw new DomainError(
      "conflict",
      `Port ${config.port} is in use: stop what listens there, or set PORT to another.`,
    )
}
