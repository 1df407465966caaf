import { createRequire } from "node:module"
import path from "node:path"
import { pathToFileURL } from "node:url"
import { parseProxies, settleAddresses } from "#server/access/address.ts"
import { readConfig } from "#server/config.ts"
import { readSecretFiles } from "#server/secret-files.ts"

/** The web role: the built Next.js application, in this very process, so that whatever ends it frees its port. */
const GRACE_MS = 10_000

readSecretFiles(process.env)
const config = readConfig(process.env)
settleAddresses(parseProxies(config.trustedProxies))
const next = createRequire(import.meta.url).resolve("next/dist/bin/next")
const root = path.resolve(import.meta.dirname, "../..")
// Next ends by itself on SIGTERM and SIGINT; of its supervisor's end it does not know.
process.once("disconnect", () => {
  process.kill(process.pid, "SIGTERM")
  setTimeout(() => process.exit(1), GRACE_MS).unref()
})
Object.assign(process.env, { NODE_ENV: "production", SIGNALBOX_BASE_PATH: config.basePath })
process.argv = [
  process.execPath,
  next,
  "start",
  root,
  "--port",
  String(config.port),
  "--hostname",
  config.host,
]
await import(pathToFileURL(next).href)
