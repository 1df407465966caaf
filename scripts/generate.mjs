// Generates the Prisma client. It needs no engine: PRISMA_SCHEMA_ENGINE_BINARY only has to name an existing
// file so that the CLI does not try to download one.
import "../server/expect-node.mjs"
import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"
import path from "node:path"

const prisma = path.join(
  path.dirname(createRequire(import.meta.url).resolve("prisma/package.json")),
  "build/index.js",
)
const { status } = spawnSync(process.execPath, [prisma, "generate", "--no-hints"], {
  cwd: path.dirname(import.meta.dirname),
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
})
process.exit(status ?? 1)
