// Keeps a shared stack up for developers: `npm run stack`. Tests that find SIGNALBOX_STACK use it instead of starting
// their own. Three brokers, one PostgreSQL, and the shop unless `--no-shop` is given. Ctrl-C ends all of it.
import { mkdir, rename, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { startKafka } from "./kafka/kafka.ts"
import { startPostgres } from "./postgres.ts"
import type { SharedStack } from "./shared.ts"
import { startShopProcess } from "./shop/process.ts"

const root = path.resolve(import.meta.dirname, "../..")
const file = path.resolve(process.env.SIGNALBOX_STACK ?? path.join(root, ".cache", "stack.json"))

const stopping = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve())
})

await using stack = new AsyncDisposableStack()
const [kafka, postgres] = await Promise.all([startKafka({ brokers: 3 }), startPostgres()])
stack.use(kafka)
stack.use(postgres)
if (!process.argv.includes("--no-shop")) {
  const logFile = path.join(kafka.dataDir, "shop.log")
  stack.use(await startShopProcess({ bootstrap: kafka.bootstrap, logFile }))
}
await writeFacts({
  bootstrap: kafka.bootstrap,
  postgresUrl: postgres.url,
  pids: { dev: process.pid, postgres: postgres.pid, kafka: kafka.nodes.map((node) => node.pid) },
})
stack.defer(() => rm(file, { force: true }))
console.log(
  `Kafka ${kafka.bootstrap.join(",")} (data in ${kafka.dataDir})\nPostgreSQL ${postgres.url}\n${file}`,
)
await stopping

async function writeFacts(facts: SharedStack): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(`${file}.new`, JSON.stringify(facts, null, 2), { mode: 0o600 })
  await rename(`${file}.new`, file)
}
