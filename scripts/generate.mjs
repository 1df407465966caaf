// Generates the Prisma client. It needs no engine: PRISMA_SCHEMA_ENGINE_BINARY only has to name an existing
// file so that the CLI does not try to download one.
import { spawnSync } from "node:child_process"

const { status } = spawnSync("prisma", ["generate", "--no-hints"], {
  stdio: ["ignore", "ignore", "inherit"],
  env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, PRISMA_HIDE_UPDATE_MESSAGE: "1" },
})
process.exit(status ?? 1)
