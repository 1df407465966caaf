import { type ChildProcess, spawn } from "node:child_process"
import { appendFileSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { dyingWithParent } from "#server/store/die-with-parent.ts"

export interface ServerOptions {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  cwd?: string
  /** Resolves true as soon as the server answers. */
  ready: () => Promise<boolean>
  deadlineMs?: number
  /** Its output is kept there as well. */
  logFile?: string
  onOutput?: (text: string) => void
  /** How long `stop` waits after SIGTERM before it kills. */
  stopMs?: number
}

export interface Server extends AsyncDisposable {
  readonly pid: number
  readonly exited: Promise<void>
  /** False as soon as the process has ended, for whatever reason. */
  readonly running: boolean
  /** The last of what it printed. */
  log(): string
  kill(signal: NodeJS.Signals): Promise<void>
  /** SIGTERM, then SIGKILL. */
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.once("exit", () => {
  for (const child of running) signalGroup(child, "SIGKILL")
})

/**
 * Starts a real server as a process with a group of its own, and waits until it answers. Rejects with the tail of its
 * log. It never outlives us: not our exit, nor (on Linux) our SIGKILL.
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  const [command, args] = dyingWithParent("KILL", options.command, options.args)
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  running.add(child)
  const server = serverOf(child, options)
  try {
    await untilReady(options, server)
  } catch (error) {
    await server.kill("SIGKILL")
    throw error
  }
  return server
}

function serverOf(child: ChildProcess, options: ServerOptions): Server {
  const log = collectLog(child, options)
  const exited = new Promise<void>((resolve) => {
    const ended = () => {
      running.delete(child)
      resolve()
    }
    child.once("exit", ended)
    child.once("error", ended)
  })
  const kill = async (signal: NodeJS.Signals) => {
    if (running.has(child)) signalGroup(child, signal)
    await exited
  }
  const stop = async () => {
    const forced = setTimeout(() => signalGroup(child, "SIGKILL"), options.stopMs ?? 15_000)
    await kill("SIGTERM")
    clearTimeout(forced)
  }
  return {
    pid: child.pid ?? 0,
    exited,
    get running() {
      return running.has(child)
    },
    log,
    kill,
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

function collectLog(child: ChildProcess, options: ServerOptions): () => string {
  let tail = ""
  const add = (text: string) => {
    tail = (tail + text).slice(-8000)
    if (options.logFile) appendFileSync(options.logFile, text)
    options.onOutput?.(text)
  }
  child.stdout?.setEncoding("utf8").on("data", add)
  child.stderr?.setEncoding("utf8").on("data", add)
  child.once("error", (error) => add(`${error.message}\n`))
  return () => tail
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  try {
    if (child.pid) process.kill(-child.pid, signal)
  } catch {
    // It has ended by itself meanwhile.
  }
}

async function untilReady(options: ServerOptions, server: Server): Promise<void> {
  const deadline = Date.now() + (options.deadlineMs ?? 180_000)
  while (!(await options.ready())) {
    if (!server.running) throw new Error(`${options.name} ended at its start:\n${server.log()}`)
    if (Date.now() > deadline) throw new Error(`${options.name} did not get ready:\n${server.log()}`)
    await sleep(100)
  }
}
