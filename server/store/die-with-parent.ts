import { execFileSync } from "node:child_process"

/**
 * A command line that runs `command` so that it gets `signal` when the process that spawns it ends, even by SIGKILL.
 * Linux only (`setpriv` of util-linux keeps the pid); elsewhere the command line is left as it is.
 */
export function dyingWithParent(signal: "INT" | "KILL", command: string, args: string[]): [string, string[]] {
  return hasSetpriv() ? ["setpriv", ["--pdeathsig", signal, command, ...args]] : [command, args]
}

let known: boolean | undefined

function hasSetpriv(): boolean {
  known ??= process.platform === "linux" && answers("setpriv", ["--pdeathsig", "keep", "true"])
  return known
}

function answers(command: string, args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: "ignore" })
    return true
  } catch {
    return false
  }
}
