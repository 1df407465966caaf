import { type ChildProcess, spawn } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"
import type { Logger } from "#server/log.ts"

export interface RoleProcess {
  name: string
  command: string
  args: string[]
  env: NodeJS.ProcessEnv
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** A role that has run this long is healthy again: its next restart does not wait. */
const HEALTHY_MS = 60_000
const GRACE_MS = 10_000

/**
 * Keeps roles running, each as a process of its own, until the signal aborts: one that ends is started again, after a
 * wait that doubles. Then all are told to stop (SIGTERM), and after ten seconds are killed. Resolves when none is left.
 */
export async function supervise(roles: RoleProcess[], log: Logger, signal: AbortSignal): Promise<void> {
  await Promise.all(roles.map((role) => keepRunning(role, log, signal)))
}

async function keepRunning(role: RoleProcess, log: Logger, signal: AbortSignal): Promise<void> {
  let wait = FIRST_WAIT_MS
  while (!signal.aborted) {
    const began = Date.now()
    const how = await runOnce(role, signal)
    if (signal.aborted) return
    if (Date.now() - began > HEALTHY_MS) wait = FIRST_WAIT_MS
    const pause = wait * (0.5 + Math.random())
    log.warn({ role: role.name, how, restartInMs: Math.round(pause) }, "a role ended; starting it again")
    await sleep(pause, undefined, { signal }).catch(() => undefined)
    wait = Math.min(wait * 2, LONGEST_WAIT_MS)
  }
}

function runOnce(role: RoleProcess, signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    // The channel's end tells the role that its supervisor is gone, however it went.
    const child = spawn(role.command, role.args, {
      env: role.env,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    })
    const stop = () => endGently(child)
    signal.addEventListener("abort", stop, { once: true })
    const done = (how: string) => {
      signal.removeEventListener("abort", stop)
      resolve(how)
    }
    child.once("error", (error) => done(error.message))
    child.once("exit", (code, killed) => done(killed ?? `exit ${code}`))
  })
}

function endGently(child: ChildProcess): void {
  child.kill("SIGTERM")
  const forced = setTimeout(() => child.kill("SIGKILL"), GRACE_MS)
  child.once("exit", () => clearTimeout(forced))
}
