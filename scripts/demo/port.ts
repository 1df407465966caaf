import { readdir, readFile, readlink } from "node:fs/promises"
import { createServer } from "node:net"
import { SetupError } from "../setup/steps.mjs"
import { freePort } from "../stack/ports.ts"

/** Rejects with a sentence that names who holds the port, when somebody does. */
export async function expectFree(port: number): Promise<void> {
  if (await isFree(port)) return
  const pid = await holderOf(port)
  const who = pid ? ` by pid ${pid} (${await commandOf(pid)})` : ""
  throw new SetupError(`port ${port} is in use${who}, set PORT=${port + 1} or another that is free`)
}

/** The port, or where somebody else has it, one that the system chooses. */
export async function freePortLike(port: number): Promise<number> {
  return (await isFree(port)) ? port : freePort()
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once("error", () => resolve(false))
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)))
  })
}

/** Linux only: the process whose descriptor is the listening socket of this port. */
async function holderOf(port: number): Promise<number | null> {
  const sockets = new Set((await listeningInodes(port)).map((inode) => `socket:[${inode}]`))
  if (sockets.size === 0) return null
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "")
      if (sockets.has(target)) return Number(pid)
    }
  }
  return null
}

// Columns of /proc/net/tcp: number, local address (hex ip:port), remote, state (0A = listening), …, inode as the 10th.
async function listeningInodes(port: number): Promise<string[]> {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, "0")}`
  const tables = await Promise.all(
    ["/proc/net/tcp", "/proc/net/tcp6"].map((file) => readFile(file, "utf8").catch(() => "")),
  )
  return tables
    .flatMap((table) => table.split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[1]?.endsWith(wanted) && columns[3] === "0A")
    .flatMap((columns) => columns[9] ?? [])
}

async function commandOf(pid: number): Promise<string> {
  const command = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => "unknown")
  return command.trim()
}
