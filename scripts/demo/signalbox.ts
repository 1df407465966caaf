import { randomBytes } from "node:crypto"
import { mkdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { stringify } from "yaml"
import { type Server, startServer } from "../stack/process.ts"

export interface DemoUser {
  email: string
  password: string
}

/** Ports of its receiver. */
export interface SpanPorts {
  http: number
  grpc: number
  zipkin: number
}

export interface SignalboxOptions {
  root: string
  home: string
  port: number
  databaseUrl: string
  bootstrap: string[]
  /** Where it takes spans. */
  spans: SpanPorts
  user: DemoUser
  /** With hot reload, its log on the terminal. */
  dev: boolean
}

/** A demo that runs for days must not fill the disk. */
const KEEP_SPANS_GB = "2"

/** Starts Signalbox itself, as `npm start` or, for developers, `npm run dev` does, with the shop's cluster in its configuration file. */
export async function startSignalbox(options: SignalboxOptions): Promise<Server> {
  const { root, home, port, databaseUrl, bootstrap, spans, user, dev } = options
  const config = path.join(home, "signalbox.yaml")
  const clusters = [{ name: "shop", slug: "shop", system: "kafka", connection: { bootstrap } }]
  await writeFile(config, stringify({ clusters }))
  return startServer({
    name: "Signalbox",
    command: process.execPath,
    args: [path.join(root, "server", "main.ts"), ...(dev ? ["--dev"] : [])],
    cwd: root,
    env: {
      NODE_ENV: dev ? "development" : "production",
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      SIGNALBOX_CONFIG: config,
      SIGNALBOX_DATA_DIR: path.join(home, "signalbox"),
      SIGNALBOX_OTLP_HTTP_PORT: String(spans.http),
      SIGNALBOX_OTLP_GRPC_PORT: String(spans.grpc),
      SIGNALBOX_ZIPKIN_PORT: String(spans.zipkin),
      SIGNALBOX_KEEP_SPANS_GB: process.env.SIGNALBOX_KEEP_SPANS_GB ?? KEEP_SPANS_GB,
      SIGNALBOX_DEMO_USER: user.email,
      SIGNALBOX_DEMO_PASSWORD: user.password,
    },
    logFile: path.join(home, "signalbox.log"),
    stopMs: 8000,
    ...(dev ? { onOutput: (text: string) => void process.stdout.write(text) } : {}),
    ready: () => answers(`http://127.0.0.1:${port}/readyz`),
  })
}

/** The user who is ready to sign in. The password is the demo's own and stays the same from start to start. */
export async function demoUser(home: string): Promise<DemoUser> {
  await mkdir(home, { recursive: true })
  const file = path.join(home, "password")
  const known = await readFile(file, "utf8").catch(() => null)
  const password = known?.trim() || `demo-${randomBytes(6).toString("hex")}`
  if (!known) await writeFile(file, password, { mode: 0o600 })
  return { email: "demo@signalbox.local", password }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  )
}
