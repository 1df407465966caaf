import { readFile } from "node:fs/promises"
import { type ConfigFile, ownFilePath, parseConfigFile } from "#server/clusters/index.ts"
import { isDomainError, messageOf } from "#server/errors.ts"
import { every } from "#server/every.ts"
import type { Logger } from "#server/log.ts"
import type { Store } from "#server/store/index.ts"
import { keepFileProblems, syncFileRules } from "./sync-file-rules.ts"

const LOOK_EVERY_MS = 2000

interface Followed {
  store: Store
  log: Logger
  /** SIGNALBOX_CONFIG */
  configFile: string | undefined
  env: NodeJS.ProcessEnv
  lookEveryMs?: number
}

/**
 * Follows the alert rules of signalbox.yaml until the signal aborts: a change takes effect within seconds. The text is
 * compared, since watching files misses what a mounted ConfigMap or a network disk does.
 */
export async function followFileRules(of: Followed, signal: AbortSignal): Promise<void> {
  const { log } = of
  let known: string | null = null
  let isMissing = false
  const look = async () => {
    try {
      const path = ownFilePath(of)
      const text = path === null ? null : await readFile(path, "utf8").catch(() => null)
      // Whoever replaces a file may remove it first: it is gone when it is missing twice.
      const isGone = text === null && isMissing
      isMissing = text === null
      if (text === known || (text === null && !isGone)) return
      const problems = await sync(of, text === null || path === null ? null : { text, path })
      known = text
      for (const problem of problems) log.error({ problem }, "an alert rule of signalbox.yaml is invalid")
    } catch (error) {
      log.warn({ err: error }, "cannot read the alert rules of signalbox.yaml; trying again")
    }
  }
  await every(of.lookEveryMs ?? LOOK_EVERY_MS, look, signal)
}

async function sync(
  { store, env }: Followed,
  file: { text: string; path: string } | null,
): Promise<string[]> {
  if (file === null) return syncFileRules(store, { path: "signalbox.yaml", alertRules: [] })
  let parsed: ConfigFile
  try {
    parsed = parseConfigFile(file.text, { path: file.path, env })
  } catch (error) {
    if (!isDomainError(error)) throw error
    // Whatever else the file holds: the rules stay what they were.
    const problem = `The rules stay what they were: ${messageOf(error)}`
    await keepFileProblems(store, [problem])
    return [problem]
  }
  return syncFileRules(store, parsed)
}
