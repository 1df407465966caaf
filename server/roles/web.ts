import { spawn } from "node:child_process"
import { createRequire } from "node:module"
import path from "node:path"
import { readConfig } from "../config.ts"
import { untilStopped } from "./process.ts"

/** The web role: the built Next.js application. It ends with its supervisor, whatever became of it. */
const config = readConfig(process.env)
const next = createRequire(import.meta.url).resolve("next/dist/bin/next")
const root = path.resolve(import.meta.dirname, "../..")
const child = spawn(
  process.execPath,
  [next, "start", root, "--port", String(config.port), "--hostname", config.host],
  {
    stdio: "inherit",
    env: { ...process.env, NODE_ENV: "production" },
  },
)
const stop = untilStopped()
stop.addEventListener("abort", () => child.kill("SIGTERM"), { once: true })
child.once("exit", (code) => process.exit(code ?? 1))
