// The shop as a process: node scripts/stack/shop/main.ts --bootstrap 127.0.0.1:9092[,…] [--rate 1] [--audit-retention-ms …] [--otlp URL]
import { parseArgs } from "node:util"
import { startShop } from "./shop.ts"

const { values } = parseArgs({
  options: {
    bootstrap: { type: "string" },
    rate: { type: "string", default: "1" },
    "audit-retention-ms": { type: "string", default: "180000" },
    /** Where spans go. */
    otlp: { type: "string" },
  },
})
if (!values.bootstrap) throw new Error("--bootstrap is missing: give the addresses of a Kafka cluster")

const stopping = new Promise<void>((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolve())
})
// A service that fails on its own must not take the others with it.
process.on("unhandledRejection", (error) => console.error("shop:", error))

const shop = await startShop({
  bootstrap: values.bootstrap.split(","),
  rate: Number(values.rate),
  auditRetentionMs: Number(values["audit-retention-ms"]),
  ...(values.otlp ? { otlpUrl: values.otlp } : {}),
  log: (line) => console.log(new Date().toISOString(), line),
})
console.log("the shop is open")
await stopping
await Promise.race([shop[Symbol.asyncDispose](), new Promise((resolve) => setTimeout(resolve, 8000))])
process.exit(0)
