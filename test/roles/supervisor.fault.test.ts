import { type ChildProcess, execFileSync, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { freePort } from "#scripts/stack/ports.ts"
import { ensureBuild } from "#server/build/index.ts"
import { signInByHttp } from "#test/sign-in.ts"
import { until } from "#test/until.ts"

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

// Next gives its process another title as soon as it runs.
const COMMANDS = { web: /roles\/web\.ts|next-server/, collector: /roles\/collector\.ts/ }

function roleOf(supervisor: ChildProcess, role: keyof typeof COMMANDS): number | undefined {
  return descendants(supervisor.pid ?? 0).find((pid) => COMMANDS[role].test(commandOf(pid)))
}

/** `npm start` in a data folder of its own. */
async function start(extra: Record<string, string>) {
  const dataDir = await mkdtemp(path.join(tmpdir(), "signalbox-data-"))
  const env = { ...process.env, DATABASE_URL: undefined, SIGNALBOX_DEMO_USER: undefined, ...extra }
  const supervisor = spawn(process.execPath, [path.resolve("server/main.ts")], {
    env: { ...env, SIGNALBOX_DATA_DIR: dataDir },
    stdio: ["ignore", "pipe", "inherit"],
  })
  const told = { text: "" }
  supervisor.stdout.on("data", (chunk: Buffer) => {
    told.text += chunk.toString()
  })
  return {
    supervisor,
    told,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => supervisor.once("exit", resolve))
      if (supervisor.exitCode === null && supervisor.kill("SIGTERM")) await ended
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

const USER = { email: "ada@example.com", password: "correct horse battery" }

async function ready(url: string): Promise<boolean> {
  return (await fetch(`${url}/readyz`).catch(() => null))?.ok === true
}

describe("npm start", () => {
  it("starts its own PostgreSQL, restarts a role that was killed, and leaves no process behind", async () => {
    await using own = await start({ SIGNALBOX_ROLES: "collector" })
    const { supervisor, told } = own
    await until("the collector runs", async () => roleOf(supervisor, "collector") !== undefined)
    expect(told.text).toMatch(/setup\?token=[\w-]{43}/)

    const first = roleOf(supervisor, "collector")
    if (first === undefined) throw new Error("there is no collector")
    process.kill(first, "SIGKILL")
    await until("another collector runs", async () => (roleOf(supervisor, "collector") ?? first) !== first)

    const all = descendants(supervisor.pid ?? 0)
    const ended = new Promise((resolve) => supervisor.once("exit", resolve))
    supervisor.kill("SIGTERM")
    expect(await ended).toBe(0)
    await until("every process has ended", async () => all.every((pid) => !alive(pid)))
  })

  it("serves pages again after its web role was killed, to those who were signed in", async () => {
    await ensureBuild()
    const port = await freePort()
    const url = `http://localhost:${port}`
    const demo = { SIGNALBOX_DEMO_USER: USER.email, SIGNALBOX_DEMO_PASSWORD: USER.password }
    await using own = await start({ SIGNALBOX_ROLES: "web,collector", PORT: String(port), ...demo })
    const { supervisor } = own
    await until("the pages are served", () => ready(url), 120_000)
    const cookie = await signInByHttp(url, USER)
    const [web, collector] = [roleOf(supervisor, "web"), roleOf(supervisor, "collector")]
    if (web === undefined) throw new Error("there is no web role")
    process.kill(web, "SIGKILL")
    await until("another web role runs", async () => (roleOf(supervisor, "web") ?? web) !== web)
    await until("the pages are served again", () => ready(url), 120_000)
    const page = await fetch(`${url}/lag`, { headers: { cookie }, redirect: "manual" })
    expect(page.status).toBe(200)
    const me = await fetch(`${url}/api/trpc/access.me`, { headers: { cookie } })
    expect(await me.json()).toMatchObject({ result: { data: { name: USER.email, role: "admin" } } })
    expect(roleOf(supervisor, "collector")).toBe(collector)
  })
})
