// Everything that must be there before the pinned Node can take over. Runs on Node 20 without any package.
import { ensureGenerated, ensurePackages } from "./setup/packages.mjs"
import { ensurePrograms } from "./setup/programs.mjs"
import { runScript } from "./setup/steps.mjs"

/**
 * Makes this machine ready. Says nothing, and takes well under a second, when it is.
 * @param {{ jvm?: boolean, registry?: boolean, chromium?: boolean, nginx?: boolean }} wanted what is needed besides the
 *   npm packages: `jvm` is for Kafka, `registry` for the schema registry of the tests, and each includes Maven as long as
 *   it is to be fetched
 */
export async function ensure({ jvm = false, registry = false, chromium = false, nginx = false } = {}) {
  await ensurePrograms({ jvm, registry, chromium, nginx })
  await ensurePackages()
  await ensureGenerated()
}

if (process.argv[1] === import.meta.filename) {
  await runScript(async () => {
    await ensure({ jvm: true, registry: true, chromium: true, nginx: true })
    return 0
  })
}
