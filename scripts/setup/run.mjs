import { spawn, spawnSync } from "node:child_process"
import { constants } from "node:os"
import path from "node:path"
import { SetupError } from "./steps.mjs"

export const root = path.resolve(import.meta.dirname, "../..")

/** The Node that this project is pinned to, once the packages are installed. */
export const pinnedNode = path.join(root, "node_modules", ".bin", "node")

/**
 * Runs a command without showing what it prints, unless it fails.
 * @param {string} command
 * @param {string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string }} [options]
 * @returns {Promise<void>}
 */
export function runQuietly(command, args, { env = {}, cwd = root } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...env },
    })
    let tail = ""
    const keep = (chunk) => {
      tail = (tail + chunk).slice(-32_000)
    }
    child.stdout.on("data", keep)
    child.stderr.on("data", keep)
    child.once("error", reject)
    child.once("close", (code) => {
      if (code === 0) resolve()
      else reject(new SetupError(`${tail.trim()}\n\n${[command, ...args].join(" ")} failed.`))
    })
  })
}

/**
 * Goes on in another program, which has our terminal: signals reach it, and it learns by its IPC channel when we are
 * gone. Resolves with its exit code.
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>}
 */
export function handOver(command, args, env = {}) {
  const child = spawn(command, args, {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit", "ipc"],
    env: {
      ...process.env,
      ...env,
      PATH: `${path.dirname(pinnedNode)}${path.delimiter}${process.env.PATH ?? ""}`,
    },
  })
  // Ctrl-C reaches the child as well, being in our group; we wait for it to end in order.
  process.on("SIGINT", () => undefined)
  for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)))
  })
}

/**
 * The first of these programs that is there and answers, or null.
 * @param {string[]} names
 * @param {string} flag
 */
export function findProgram(names, flag = "--version") {
  return names.find((name) => spawnSync(name, [flag], { stdio: "ignore" }).status === 0) ?? null
}
