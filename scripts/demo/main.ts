// The demo, once the machine is ready: PostgreSQL, three Kafka brokers, the shop, Signalbox. Ends all of it on Ctrl-C.
// With `--dev`, the same for developers: pages and collector follow their sources.
import path from "node:path"
import { openVault } from "#server/access/index.ts"
import { ensureBuild, isBuildStale } from "#server/build/index.ts"
import { startEmbeddedPostgres } from "#server/store/embedded.ts"
import { openStore } from "#server/store/index.ts"
import { runScript, SetupError, step } from "../setup/steps.mjs"
import { kafkaClasspath, kafkaIsFetched } from "../stack/kafka/jars.ts"
import { startKafka } from "../stack/kafka/kafka.ts"
import { javaTools, javaToolsAreFetched } from "../stack/shop/java/fetched.ts"
import { startJavaServices } from "../stack/shop/java/start.ts"
import { startShopProcess } from "../stack/shop/process.ts"
import { type Inbox, startInbox, wireInbox } from "./inbox.ts"
import { expectFree, freePortLike } from "./port.ts"
import { demoUser, type SpanPorts, startSignalbox } from "./signalbox.ts"

const dev = process.argv.includes("--dev")
const root = path.resolve(import.meta.dirname, "../..")
const home = path.join(root, ".data", dev ? "dev" : "demo")
/** The first broker that is up leads all at first: let the others have their share soon, not after five minutes. */
const LEADERS = { "leader.imbalance.check.interval.seconds": "20", "broker.session.timeout.ms": "9000" }

await runScript(async () => {
  const stopped = untilStopped()
  const began = performance.now()
  const port = readPort()
  await expectFree(port)
  const parts = new AsyncDisposableStack()
  try {
    const ready = start(parts, port)
    ready.catch(() => undefined)
    const started = await Promise.race([ready, stopped])
    if (!started) return 130
    const { user, inbox, spans, leftOut } = started
    const seconds = ((performance.now() - began) / 1000).toFixed(0)
    console.log(`\nSignalbox watches the shop at  http://localhost:${port}  (ready after ${seconds} s)`)
    console.log(`Sign in as  ${user.email}  with the password  ${user.password}`)
    console.log(`Notifications of its alerts arrive at  ${inbox.url}`)
    console.log(`Spans of your own services are taken at  http://localhost:${spans.http}  (OTLP/HTTP)`)
    if (leftOut) console.log(`Left out: fraud and risk, the shop's services in Java. ${leftOut}`)
    console.log("Ctrl-C stops all of it.")
    await stopped
    return 0
  } finally {
    console.log("")
    await step("everything stopped", () => parts.disposeAsync())
    // A step that was under way when Ctrl-C came may still hold timers; what it started ends with us (process.ts).
    setTimeout(() => process.exit(), 100)
  }
})

async function start(parts: AsyncDisposableStack, port: number) {
  if (!(await kafkaIsFetched())) await step("Kafka from Maven Central", () => kafkaClasspath())
  if (!(await javaToolsAreFetched()))
    await step("OpenTelemetry's Java agent from Maven Central", () => javaTools()).catch(() => undefined)
  const user = await demoUser(home)
  const postgres = await step("PostgreSQL", () =>
    startEmbeddedPostgres({ dataDir: path.join(home, "postgres") }),
  )
  parts.defer(() => postgres.stop())
  const kafka = await step("Kafka, three brokers", () =>
    startKafka({ brokers: 3, dataDir: path.join(home, "kafka"), config: LEADERS }),
  )
  parts.defer(() => kafka.stop())
  const logFile = path.join(home, "shop.log")
  const spans: SpanPorts = {
    http: await freePortLike(4318),
    grpc: await freePortLike(4317),
    zipkin: await freePortLike(9411),
  }
  const ofShop = { bootstrap: kafka.bootstrap, otlpUrl: `http://127.0.0.1:${spans.http}`, logFile }
  parts.use(await step("the shop: twelve services in Node", () => startShopProcess(ofShop)))
  const leftOut = await step("two more in Java", () => startJava(parts, ofShop)).catch(reasonOf)
  if (!dev && (await isBuildStale())) await step("pages built", () => ensureBuild())
  const { bootstrap } = kafka
  const options = { root, home, port, databaseUrl: postgres.url, bootstrap, spans, user, dev }
  parts.use(await step("Signalbox", () => startSignalbox(options)))
  const inbox = parts.use(await step("an inbox for notifications", () => openInbox(postgres.url)))
  return { user, inbox, spans, leftOut }
}

/** Null: they run. The demo does without them, as where their jars cannot be fetched. */
async function startJava(
  parts: AsyncDisposableStack,
  options: Parameters<typeof startJavaServices>[0],
): Promise<null> {
  parts.use(await startJavaServices(options))
  return null
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).trim().split("\n")[0] ?? ""
}

/** A receiver of webhooks and a mail server, which Signalbox has as channels. */
async function openInbox(databaseUrl: string): Promise<Inbox> {
  const inbox = await startInbox()
  await using store = openStore(databaseUrl, { max: 1 })
  const vault = await openVault({
    secret: process.env.SIGNALBOX_SECRET,
    dataDir: path.join(home, "signalbox"),
  })
  await wireInbox({ store, vault }, inbox)
  return inbox
}

function readPort(): number {
  const port = Number(process.env.PORT ?? 3000)
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new SetupError(`PORT=${process.env.PORT} is no port`)
  return port
}

/** Resolves (with null) at Ctrl-C, or when the script that started us is gone. */
function untilStopped(): Promise<null> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve(null))
    process.on("disconnect", () => resolve(null))
    // The channel must not keep us alive by itself.
    process.channel?.unref()
  })
}
