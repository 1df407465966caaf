import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { until } from "./world.ts"

/** Pids of all processes below one. */
function descendants(pid: number): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid="], { encoding: "utf8" }).trim().split("\n")
  const parents = lines.map((line) => line.trim().split(/\s+/).map(Number))
  const children = parents.flatMap(([child, parent]) =>
    parent === pid && child !== undefined ? [child] : [],
  )
  return [...children, ...children.flatMap(descendants)]
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

function commandOf(pid: number): string {
  try {
    return execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" })
  } catch {
    return ""
  }
}

function collectorOf(supervisor: ChildProcess): number | undefined {
  return descendants(supervisor.pid ?? 0).find((pid) => commandOf(pid).includes("roles/collector.ts"))
}

describe("npm start", () => {
  it("starts its own PostgreSQL, restarts a role that was killed, and leaves no process behind", async () => {
    const dataDir = await mkdtemp(path.join(tmpdir(), "signalbox-data-"))
    // The server runs as another user when we are root, and has to get there.
    await chmod(dataDir, 0o755)
    const env = {
      ...process.env,
      SIGNALBOX_DATA_DIR: dataDir,
      SIGNALBOX_ROLES: "collector",
      DATABASE_URL: undefined,
      SIGNALBOX_DEMO_USER: undefined,
    }
    const supervisor = spawn(process.execPath, [path.resolve("server/main.ts")], {
      env,
      stdio: ["ignore", "pipe", "inherit"],
    })
    let said = ""
    supervisor.stdout.on("data", (chunk: Buffer) => {
      said += chunk.toString()
    })
    await until("the collector runs", async () => collectorOf(supervisor) !== undefined)
    expect(said).toMatch(/setup\?token=[\w-]{43}/)

    const first = collectorOf(supervisor)
    if (first === undefined) throw new Error("there is no collector")
    process.kill(first, "SIGKILL")
    await until("another collector runs", async () => (collectorOf(supervisor) ?? first) !== first)

    const all = descendants(supervisor.pid ?? 0)
    const ended = new Promise((resolve) => supervisor.once("exit", resolve))
    supervisor.kill("SIGTERM")
    expect(await ended).toBe(0)
    await until("every process has ended", async () => all.every((pid) => !alive(pid)), 10_000)
    await rm(dataDir, { recursive: true, force: true })
  })
})
