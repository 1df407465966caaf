// Seals every stored secret with a new key: npm run rotate-secret (docs/access.md)
import "../server/expect-node.mjs"
import path from "node:path"
import { type Config, readConfig } from "#server/config.ts"
import { isDomainError } from "#server/errors.ts"
import { placeOfKey, rotateSecret } from "#server/rotate.ts"
import { readSecretFiles } from "#server/secret-files.ts"
import { startEmbeddedPostgres } from "#server/store/embedded.ts"
import { migrate, openStore } from "#server/store/index.ts"

try {
  readSecretFiles(process.env)
  await main(readConfig(process.env))
} catch (error) {
  console.error(isDomainError(error) ? `Signalbox: ${error.message}` : error)
  process.exitCode = 1
}

async function main(config: Config): Promise<void> {
  const embedded = config.databaseUrl
    ? null
    : await startEmbeddedPostgres({ dataDir: path.join(config.dataDir, "postgres") })
  try {
    await rotate(config, config.databaseUrl ?? embedded?.url ?? "")
  } finally {
    await embedded?.stop()
  }
}

async function rotate(config: Config, databaseUrl: string): Promise<void> {
  await migrate(config.migrateUrl ?? databaseUrl)
  await using store = openStore(databaseUrl, { max: 2 })
  const options = { ...config, newSecret: process.env.SIGNALBOX_NEW_SECRET }
  const count = await rotateSecret(store, options)
  const next =
    options.newSecret === undefined
      ? `The new key is ${placeOfKey(options)}: keep it with your backups.`
      : "Start every process with it as SIGNALBOX_SECRET from now on."
  console.log(`${count} connections are sealed with the new key. ${next} Everybody signs in again.`)
}
