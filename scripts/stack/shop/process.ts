import path from "node:path"
import { type Server, startServer } from "../process.ts"

/** The shop as a process of its own. Ready when all of its services are up. */
export async function startShopProcess(options: {
  bootstrap: string[]
  logFile?: string
  /** Multiplies all traffic. */
  rate?: number
  /** Base address of an OTLP/HTTP receiver of spans. */
  otlpUrl?: string
}): Promise<Server> {
  const args = ["--bootstrap", options.bootstrap.join(","), "--rate", String(options.rate ?? 1)]
  if (options.otlpUrl) args.push("--otlp", options.otlpUrl)
  let open = false
  return startServer({
    name: "shop",
    command: process.execPath,
    // kafkajs sets timers into the past, which Node 24 warns of; it does no harm.
    args: ["--disable-warning=TimeoutNegativeWarning", path.join(import.meta.dirname, "main.ts"), ...args],
    onOutput: (text) => {
      open ||= text.includes("the shop is open")
    },
    ready: async () => open,
    stopMs: 8000,
    ...(options.logFile ? { logFile: options.logFile } : {}),
  })
}
