// Everything that must be there before the pinned Node can take over. Runs on Node 20 without any package.
import { ensureGenerated, ensurePackages } from "./setup/packages.mjs"
import { ensurePrograms } from "./setup/programs.mjs"
import { runScript } from "./setup/steps.mjs"

/**
 * Makes this machine ready. Says nothing, and takes well under a second, when it is.
 * @param {{ jvm?: boolean, chromium?: boolean }} wanted what is needed besides the npm packages; `jvm` includes Maven
 */
export async function ensure({ jvm = false, chromium = false } = {}) {
  await ensurePrograms({ jvm, chromium })
  await ensurePackages()
  await ensureGenerated()
}

if (process.argv[1] === import.meta.filename) {
  await runScript(async () => {
    await ensure({ jvm: true, chromium: true })
    return 0
  })
}
