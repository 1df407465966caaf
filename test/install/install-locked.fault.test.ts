import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import { promisify } from "node:util"
import { afterEach, beforeEach, expect, test } from "vitest"
import { installLocked } from "#scripts/setup/packages.mjs"
import { runQuietly } from "#scripts/setup/run.mjs"
import { type Manifest, type Registry, startRegistry } from "./registry.ts"

const version = "1.0.0"
const HERE = process.platform
const ELSEWHERE = HERE === "aix" ? "sunos" : "aix"
/** A tool with a build for two platforms, one of which needs a package of its own. */
const PACKAGES: Manifest[] = [
  {
    ...{ name: "tool", version, dependencies: { helper: version } },
    optionalDependencies: { "@tool/here": version, "@tool/elsewhere": version },
  },
  { name: "helper", version },
  { name: "helper", version: "2.0.0" },
  { name: "@tool/here", version, os: [HERE] },
  { name: "@tool/elsewhere", version, os: [ELSEWHERE], dependencies: { "elsewhere-only": version } },
  { name: "elsewhere-only", version },
]

interface Lock {
  packages: Record<string, { resolved?: string; version?: string }>
}

let registry: Registry
let folder: string

beforeEach(async () => {
  registry = await startRegistry(PACKAGES)
  folder = await mkdtemp(path.join(tmpdir(), "signalbox-install-"))
  await writeFile(path.join(folder, ".npmrc"), `registry=${registry.url}\ncache=${folder}/.npm\n`)
  await writeProject({ tool: version })
  await runQuietly("npm", ["install", "--package-lock-only"], { cwd: folder })
})
afterEach(async () => {
  await registry[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
})

async function writeProject(dependencies: Record<string, string>): Promise<void> {
  await writeFile(
    path.join(folder, "package.json"),
    JSON.stringify({ name: "project", version, dependencies }),
  )
}

async function changeLock(change: (packages: Lock["packages"]) => void): Promise<string> {
  const file = path.join(folder, "package-lock.json")
  const lock = JSON.parse(await readFile(file, "utf8")) as Lock
  change(lock.packages)
  const text = JSON.stringify(lock, null, 2)
  await writeFile(file, text)
  return text
}

function drop(...names: string[]) {
  return (packages: Lock["packages"]) => {
    for (const name of names) delete packages[`node_modules/${name}`]
  }
}

function installed(name: string): boolean {
  return existsSync(path.join(folder, "node_modules", name, "package.json"))
}

async function expectInstalled(lock: string): Promise<void> {
  await installLocked(folder)
  expect(["tool", "helper", "@tool/here", "@tool/elsewhere"].filter(installed)).toEqual([
    "tool",
    "helper",
    "@tool/here",
  ])
  expect(await readFile(path.join(folder, "package-lock.json"), "utf8")).toBe(lock)
}

test("a Node that only runs npm is no reason to warn", async () => {
  const manifest = { name: "project", version, dependencies: { tool: version }, engines: { node: ">=99" } }
  await writeFile(path.join(folder, "package.json"), JSON.stringify(manifest))
  const own = await readFile(path.resolve(import.meta.dirname, "../../.npmrc"), "utf8")
  await appendFile(path.join(folder, ".npmrc"), own)
  // `npm test` gives what it runs the settings of its own .npmrc.
  const env = { ...process.env, npm_config_loglevel: undefined, NPM_CONFIG_LOGLEVEL: undefined }
  const { stderr } = await promisify(execFile)("npm", ["ci"], { cwd: folder, env })
  expect(stderr).toBe("")
  expect(installed("tool")).toBe(true)
})

test("a registry that lacks the packages of other platforms is no obstacle", async () => {
  registry.withhold("@tool/elsewhere", "elsewhere-only")
  await expectInstalled(
    await changeLock((packages) => {
      // As npm writes it with omit-lockfile-registry-resolved: every address is asked of the registry.
      for (const one of Object.values(packages)) delete one.resolved
    }),
  )
})

test("nor is a lockfile that lacks them, as one written behind such a registry", async () => {
  await expectInstalled(await changeLock(drop("@tool/elsewhere", "elsewhere-only")))
})

test("nor that both lack them", async () => {
  registry.withhold("@tool/elsewhere", "elsewhere-only")
  await expectInstalled(await changeLock(drop("@tool/elsewhere", "elsewhere-only")))
})

test("nor a lockfile that lacks what only another platform's package needs", async () => {
  await expectInstalled(await changeLock(drop("elsewhere-only")))
})

test("a lockfile that lacks a package that must be there is refused in npm's words", async () => {
  await changeLock(drop("helper", "@tool/elsewhere", "elsewhere-only"))
  await expect(installLocked(folder)).rejects.toThrow(/Missing: helper@1\.0\.0 from lock file/)
  expect(installed("tool")).toBe(false)
})

test("so is a lockfile of another package.json", async () => {
  await changeLock(drop("@tool/elsewhere", "elsewhere-only"))
  await writeProject({ tool: version, helper: "2.0.0" })
  await expect(installLocked(folder)).rejects.toThrow(/from lock file|does not satisfy helper@2\.0\.0/)
  expect(installed("tool")).toBe(false)
})

test("a package that must be there and that the registry lacks is refused in npm's words", async () => {
  await changeLock((packages) => {
    for (const one of Object.values(packages)) delete one.resolved
  })
  registry.withhold("helper")
  await expect(installLocked(folder)).rejects.toThrow(/404 Not Found/)
})
