import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Login } from "#scripts/browser.ts"
import { freePort } from "#scripts/stack/ports.ts"
import { startServer } from "#scripts/stack/process.ts"
import { openVault, type Vault } from "#server/access/index.ts"
import { createUser } from "#server/access/users.ts"
import { syncFileClusters } from "#server/clusters/targets.ts"
import { ALLOCATOR } from "#server/roles/allocator.ts"
import { keepPartitions, migrate, openStore, type Store } from "#server/store/index.ts"

const root = path.resolve(import.meta.dirname, "../..")
export const WEB_SECRET = "a secret of the browser tests"

export interface WebWorld extends AsyncDisposable {
  store: Store
  vault: Vault
  login: Login
  /** The address of the web role itself, whatever stands before it. */
  inside: string
  /** Process ids, by role. */
  pids: ReadonlyMap<string, number>
}

export interface WebOptions {
  databaseUrl: string
  bootstrap: string[]
  /** Names of the clusters, all of them these brokers; by default "shop" alone. */
  clusters?: readonly string[]
  /** More of their connection, such as a schema registry. */
  connection?: Readonly<Record<string, unknown>>
  roles: ("web" | "collector")[]
  /** What stands between browsers and the web role on `port`; without it, nothing does. */
  behind?: (port: number) => Promise<Front>
  /** More settings, for those that depend on its address. */
  settings?: (url: string) => Promise<Record<string, string>>
}

/** A reverse proxy, and the checkout that is built for its path. */
export interface Front {
  url: string
  root: string
  settings: Record<string, string>
}

/** Signalbox as its users have it: built, on a database of its own, with one cluster or more and one administrator. */
export async function startWeb(options: WebOptions): Promise<WebWorld> {
  await using started = new AsyncDisposableStack()
  const dataDir = await mkdtemp(path.join(tmpdir(), "signalbox-web-"))
  started.defer(() => rm(dataDir, { recursive: true, force: true }))
  await migrate(options.databaseUrl)
  const store = started.use(openStore(options.databaseUrl, { max: 3 }))
  await keepPartitions(store, Date.now())
  const vault = await openVault({ secret: WEB_SECRET, dataDir })
  const connection = { bootstrap: options.bootstrap.join(","), ...options.connection }
  const clusters = (options.clusters ?? ["shop"]).map((name) => ({
    ...{ name, slug: name, system: "kafka", intervalMs: 2000, connection },
  }))
  await syncFileClusters(store, vault, clusters)
  const port = await freePort()
  const front = (await options.behind?.(port)) ?? { url: `http://localhost:${port}`, root, settings: {} }
  const login = {
    url: front.url,
    email: "ada@example.com",
    password: "correct horse battery",
  }
  await createUser(store, { ...login, name: "Ada", role: "admin" })
  const settings = { ...front.settings, ...(await options.settings?.(login.url)) }
  const inside = `http://localhost:${port}${new URL(front.url).pathname.replace(/\/$/, "")}`
  const pids = new Map<string, number>()
  for (const role of options.roles) {
    const server = started.use(
      await startServer({
        name: role,
        command: process.execPath,
        args: [path.join(front.root, "server", "roles", `${role}.ts`)],
        cwd: front.root,
        env: {
          ...ALLOCATOR,
          NODE_ENV: "production",
          TZ: "UTC",
          PORT: String(port),
          DATABASE_URL: options.databaseUrl,
          SIGNALBOX_DATA_DIR: dataDir,
          SIGNALBOX_SECRET: WEB_SECRET,
          SIGNALBOX_URL: login.url,
          ...settings,
        },
        ready: async () => role !== "web" || (await fetch(`${inside}/readyz`).catch(() => null))?.ok === true,
      }),
    )
    pids.set(role, server.pid)
  }
  const owned = started.move()
  return { store, vault, login, inside, pids, [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose]() }
}
