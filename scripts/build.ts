// npm run build: builds the pages for the path in SIGNALBOX_URL, unless they are built of these very sources.
import { ensureBuild } from "#server/build/index.ts"
import { readConfig } from "#server/config.ts"
import { messageOf } from "#server/errors.ts"
import { runScript, SetupError, step } from "./setup/steps.mjs"

await runScript(async () => {
  const { basePath } = readConfig(process.env)
  await step("pages built", () => ensureBuild({ basePath })).catch((error: unknown) => {
    throw new SetupError(messageOf(error), { cause: error })
  })
  return 0
})
