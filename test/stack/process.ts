import { type ChildProcess, spawn } from "node:child_process"
import { setTimeout as sleep } from "node:timers/promises"

export interface ServerOptions {
  name: string
  command: string
  args: string[]
  env?: Record<string, string>
  cwd?: string
  /** Resolves true as soon as the server answers. */
  ready: () => Promise<boolean>
  deadlineMs?: number
  /** Stays running when its parent ends (a developer's stack). */
  detached?: boolean
}

export interface Server extends AsyncDisposable {
  readonly pid: number
  readonly exited: Promise<void>
  log(): string
  kill(signal: NodeJS.Signals): Promise<void>
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL")
})

/** Starts a real server as a process, and waits until it answers. Rejects with the tail of its log. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
    detached: true,
  })
  if (!options.detached) running.add(child)
  const lines: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      lines.push(chunk)
      if (lines.length > 400) lines.shift()
    })
  }
  const exited = new Promise<void>((resolve) => {
    child.once("exit", () => {
      running.delete(child)
      resolve()
    })
  })
  const log = () => lines.join("").slice(-6000)
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal)
    await exited
  }
  const stop = async () => {
    const forced = setTimeout(() => child.kill("SIGKILL"), 15_000)
    await kill("SIGTERM")
    clearTimeout(forced)
  }
  const server: Server = { pid: child.pid ?? 0, exited, log, kill, stop, [Symbol.asyncDispose]: stop }
  await untilReady(options, child, server)
  return server
}

async function untilReady(options: ServerOptions, child: ChildProcess, server: Server): Promise<void> {
  const deadline = Date.now() + (options.deadlineMs ?? 90_000)
  while (!(await options.ready())) {
    if (child.exitCode !== null) throw new Error(`${options.name} ended at its start:\n${server.log()}`)
    if (Date.now() > deadline) {
      await server.kill("SIGKILL")
      throw new Error(`${options.name} did not get ready:\n${server.log()}`)
    }
    await sleep(100)
  }
}
