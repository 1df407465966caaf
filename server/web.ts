import { collectDefaultMetrics, Registry } from "prom-client"
import {
  type Auth,
  createAuth,
  lazily,
  openVault,
  readSignIn,
  type SignInConfig,
  type Vault,
} from "./access/index.ts"
import { callMetrics } from "./brokers/call-metrics.ts"
import { Connections } from "./brokers/connections.ts"
import { readOwnFile, releaseRemoved } from "./clusters/index.ts"
import { type Config, readConfig } from "./config.ts"
import { Live } from "./live/index.ts"
import { createLogger, type Logger } from "./log.ts"
import { openStore, type Store } from "./store/index.ts"

/** What the web process keeps open: one of each, shared by all requests. */
export interface Web {
  config: Config
  store: Store
  vault: Vault
  auth: Auth
  signIn: SignInConfig
  /** The sign-in by OIDC, made when it is needed and its provider answers; null: none is set up. */
  oidc: (() => Promise<Auth>) | null
  connections: Connections
  live: Live
  log: Logger
  registry: Registry
}

/** To the database; docs/configuration.md adds up what a whole installation takes. */
const MAX_CONNECTIONS = 20

const KEY = Symbol.for("signalbox.web")
const kept = globalThis as { [KEY]?: Promise<Web> }

/** The web process's own; made at the first call. Next bundles this file more than once, hence the global. */
export function web(): Promise<Web> {
  kept[KEY] ??= open().catch((error: unknown) => {
    kept[KEY] = undefined
    throw error
  })
  return kept[KEY]
}

async function open(): Promise<Web> {
  const config = readConfig(process.env)
  const log = createLogger("web")
  const store = openStore(config.databaseUrl ?? "", { max: MAX_CONNECTIONS, keep: config.keep })
  const vault = await openVault(config)
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const secret = vault.derive("session cookies")
  const signIn = readSignIn((await readOwnFile(config, process.env))?.signIn, process.env)
  const settings = { url: config.url, urlIsSet: config.urlIsSet, secret, log, password: signIn.password }
  const connections = new Connections({
    clientId: "signalbox-web",
    log: (level, message, fields) => log[level](fields, message),
    observe: callMetrics(registry),
  })
  const live = new Live(store.url, log)
  live.onRemoval(() => {
    releaseRemoved(store, connections).catch((error: unknown) => {
      log.warn(
        { err: error },
        "connections to removed clusters could not be closed; trying again at the next removal",
      )
    })
  })
  // A stream has no end of its own: the server that stops would wait for every open page.
  for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void live[Symbol.asyncDispose]())
  return {
    config,
    store,
    vault,
    auth: createAuth(store, settings),
    signIn,
    oidc: signIn.oidc ? lazily(store, { ...settings, oidc: signIn.oidc }) : null,
    connections,
    live,
    log,
    registry,
  }
}
