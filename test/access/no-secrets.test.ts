import { fork } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import pg from "pg"
import { afterAll, beforeAll, expect, inject, it } from "vitest"
import { createDatabase } from "#scripts/stack/postgres.ts"
import { startServer } from "#scripts/stack/process.ts"
import { migrate } from "#server/store/index.ts"
import { until } from "#test/until.ts"

const root = path.resolve(import.meta.dirname, "../..")
const SECRETS = {
  password: "sasl-Pass+word/=47",
  clientSecret: "oauth-Client+secret/=48",
  clientKey: "-----BEGIN PRIVATE KEY-----\ncGVtS2V5T2ZUaGVUZXN0TnVtYmVyNDk=\n-----END PRIVATE KEY-----",
  userPassword: "user-Pass+word/=50",
  nextPassword: "next-Pass+word/=51",
  installation: "installation-Secret+52",
}
const held = new AsyncDisposableStack()
let output = ""
let told: { token: string; cookie: string }
let rows = ""

beforeAll(async () => {
  const database = held.use(await createDatabase(inject("postgresUrl")))
  const dataDir = await mkdtemp(path.join(tmpdir(), "signalbox-secrets-"))
  held.defer(() => rm(dataDir, { recursive: true }))
  await migrate(database.url)
  const env = {
    NODE_ENV: "production" as const,
    LOG_LEVEL: "trace",
    DATABASE_URL: database.url,
    SIGNALBOX_DATA_DIR: dataDir,
    SIGNALBOX_SECRET: SECRETS.installation,
    TEST_SECRETS: JSON.stringify(SECRETS),
    TEST_BOOTSTRAP: inject("kafkaBootstrap").join(","),
  }
  const child = fork(path.join(root, "test/access/secret-acts.ts"), [], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  })
  const keep = (text: unknown) => {
    output += String(text)
  }
  child.stdout?.on("data", keep)
  child.stderr?.on("data", keep)
  child.on("message", (message) => {
    told = message as typeof told
  })
  const [code] = await once(child, "close")
  expect(code, output.slice(-3000)).toBe(0)
  await using collector = await startServer({
    name: "collector",
    command: process.execPath,
    args: [path.join(root, "server/roles/collector.ts")],
    env,
    onOutput: keep,
    ready: async () => output.includes("collector started"),
  })
  // The collector signs in with the secrets, is refused, and says so in its log and in the database.
  await until("a sweep of each cluster has failed", async () => (await failedSweeps(database.url)) === 2)
  expect(collector.running).toBe(true)
  rows = await everyRow(database.url)
}, 180_000)
afterAll(() => held.disposeAsync())

it("did what it should: clusters were connected, tries refused, sweeps failed", () => {
  for (const cluster of ["shop", "oauth"])
    expect(output).toMatch(new RegExp(`"cluster":"${cluster}".*"msg":"sweep failed"`))
  expect(output).toContain("needs the role admin")
  expect(rows).toContain("cluster.connect")
  expect(rows).toContain("refused")
  expect(output.length).toBeGreaterThan(5000)
})

it.each(Object.keys(SECRETS) as (keyof typeof SECRETS)[])(
  "%s is in no log, no answer, no audit entry and nowhere in the database",
  (name) => {
    for (const form of formsOf(SECRETS[name])) {
      expect(excerpt(output, form)).toBeNull()
      expect(excerpt(rows, form)).toBeNull()
    }
  },
)

it("an API token is told to its maker only, and a session's cookie to its browser", () => {
  expect(told.token).toMatch(/^sbx_/)
  for (const form of formsOf(told.token)) {
    expect(excerpt(output, form)).toBeNull()
    expect(excerpt(rows, form)).toBeNull()
  }
  expect(
    excerpt(output, decodeURIComponent(told.cookie).split("=")[1]?.split(".")[0] ?? told.cookie),
  ).toBeNull()
})

/** As it is, and as base64, hex, in a URL or in JSON; of what has lines, each. */
function formsOf(secret: string): string[] {
  const texts = secret.split("\n").filter((line) => !line.startsWith("-----"))
  return texts.flatMap((text) => [
    text,
    Buffer.from(text).toString("base64").replace(/=+$/, "").slice(0, -1),
    Buffer.from(text).toString("base64url").slice(0, -1),
    Buffer.from(text).toString("hex"),
    encodeURIComponent(text),
    Buffer.from(`\0robot\0${text}`).toString("base64").replace(/=+$/, "").slice(0, -1),
  ])
}

/** Where a text stands, for a person to read; null: nowhere. */
function excerpt(within: string, text: string): string | null {
  const at = within.indexOf(text)
  return at < 0 ? null : within.slice(Math.max(0, at - 200), at + text.length + 100)
}

/** Clusters whose last sweep failed, by what is stored of them. */
async function failedSweeps(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const failed = await client.query("select from cluster_state where error is not null")
  await client.end()
  return failed.rowCount ?? 0
}

async function everyRow(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const tables = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('public', 'series') and table_type = 'BASE TABLE'`,
    )
    const texts: string[] = []
    for (const { name } of tables.rows) {
      const { rows: found } = await client.query<{ text: string }>(`select t::text as text from ${name} t`)
      texts.push(name, ...found.map(({ text }) => text))
    }
    return texts.join("\n")
  } finally {
    await client.end()
  }
}
