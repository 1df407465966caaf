import { execFile, execFileSync, spawn } from "node:child_process"
import { readdir, readFile, readlink } from "node:fs/promises"
import { homedir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { expect } from "vitest"
import { until } from "#test/until.ts"

/** What a person's shell has; nothing of the tests', nor of this checkout's settings. */
const OF_A_SHELL = /^(LANG|TMPDIR|JAVA_HOME|(https?|no)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_(FILE|DIR))$/i

/** Somebody in a clone, with an empty home. Only what npm fetched before is kept: it spares the registry. */
export interface Newcomer {
  /** Runs a command to its end; rejects with what it printed where it fails. */
  run(command: string, ...args: string[]): Promise<void>
  /** Starts one that stays until Ctrl-C. */
  start(command: string, ...args: string[]): Running
}

export interface Running extends AsyncDisposable {
  /** What it printed until now. */
  printed(): string
  ended(): boolean
  /** Presses Ctrl-C, and waits until it has ended and left no process behind. */
  interrupt(): Promise<void>
}

export function newcomer(folder: string, home: string, port: number): Newcomer {
  const env = { ...shellOf(home), PORT: String(port) }
  return {
    run: async (command, ...args) => {
      await promisify(execFile)(command, args, { cwd: folder, env, maxBuffer: 16 << 20 }).catch(
        (error: { stdout: string; stderr: string }) => {
          throw new Error(`${[command, ...args].join(" ")}: ${error.stdout}${error.stderr}`)
        },
      )
    },
    start: (command, ...args) => running(spawnIn(folder, env, [command, ...args]), folder),
  }
}

function shellOf(home: string): NodeJS.ProcessEnv {
  const env = { ...process.env }
  for (const name of Object.keys(env)) if (!OF_A_SHELL.test(name)) delete env[name]
  const paths = (process.env.PATH ?? "").split(path.delimiter)
  const npm = (setting: string) =>
    execFileSync("npm", ["config", "get", setting], { cwd: homedir(), encoding: "utf8" }).trim()
  return {
    ...env,
    PATH: paths.filter((place) => !place.includes("node_modules")).join(path.delimiter),
    HOME: home,
    npm_config_cache: npm("cache"),
    npm_config_userconfig: npm("userconfig"),
    npm_config_registry: npm("registry"),
    npm_config_prefer_offline: "true",
  }
}

function spawnIn(cwd: string, env: NodeJS.ProcessEnv, [command = "", ...args]: string[]) {
  // A group of its own, as a shell gives to what it has in the foreground: Ctrl-C reaches the whole group.
  return spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] })
}

function running(child: ReturnType<typeof spawnIn>, folder: string): Running {
  let text = ""
  const add = (chunk: string) => {
    text += chunk
  }
  child.stdout.setEncoding("utf8").on("data", add)
  child.stderr.setEncoding("utf8").on("data", add)
  const ended = () => child.exitCode !== null || child.signalCode !== null
  return {
    printed: () => text,
    ended,
    interrupt: async () => {
      expect(await processesIn(folder)).not.toEqual([])
      if (child.pid) process.kill(-child.pid, "SIGINT")
      await until("it has ended", ended)
      await until("no process is left", async () => (await processesIn(folder)).length === 0)
    },
    [Symbol.asyncDispose]: async () => {
      for (const pid of await processesIn(folder)) if (isAlive(pid)) process.kill(pid, "SIGKILL")
    },
  }
}

/** Pids of all that runs in a folder or below it. Linux only. */
export async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name))
  const places = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")))
  return pids.filter((_, index) => `${places[index]}/`.startsWith(`${folder}/`)).map(Number)
}

/** Pids of the supervisor and the roles that run in a folder; what they start for a while is left out. Linux only. */
export async function rolesIn(folder: string): Promise<number[]> {
  const pids = await processesIn(folder)
  const commands = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  )
  return pids.filter((_, index) => /server\/(main|roles\/\w+)\.ts/.test(commands[index] ?? ""))
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
