import { readFileSync } from "node:fs"
import { DomainError, messageOf } from "./errors.ts"

const SUFFIX = "_FILE"
const OURS = /^(DATABASE_URL|SIGNALBOX_\w+)$/

/**
 * Sets DATABASE_URL and each SIGNALBOX_ variable that is given as a file, by `<name>_FILE`, to the content of that file
 * without the line break at its end: so are the secrets of Docker, Kubernetes and systemd read. A variable that is set
 * itself wins. Throws a DomainError that names the variable whose file cannot be read.
 */
export function readSecretFiles(env: Record<string, string | undefined>): void {
  for (const [variable, file] of Object.entries(env)) {
    const name = variable.slice(0, -SUFFIX.length)
    if (!variable.endsWith(SUFFIX) || !OURS.test(name) || !file || env[name] !== undefined) continue
    env[name] = read(variable, file)
  }
}

function read(variable: string, file: string): string {
  try {
    return readFileSync(file, "utf8").replace(/\r?\n$/, "")
  } catch (cause) {
    throw new DomainError("bad_input", `${variable} cannot be read: ${messageOf(cause)}.`, { cause })
  }
}
