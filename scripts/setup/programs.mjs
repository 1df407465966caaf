import { spawnSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import path from "node:path"
import { findProgram, root, runQuietly } from "./run.mjs"
import { SetupError, step } from "./steps.mjs"

const JAVA = 17
/** Says whether a package may start its services; with 101 it may not. */
const SERVICE_POLICY = "/usr/sbin/policy-rc.d"
/** Debian keeps it where only root's PATH looks. */
const NGINX = ["nginx", "/usr/sbin/nginx"]
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/**
 * Sees to it that the programs that npm cannot bring are here. Installs them with apt-get as root on Debian or Ubuntu;
 * elsewhere ends with one sentence that says what to install.
 * @param {{ jvm: boolean, registry: boolean, chromium: boolean, nginx: boolean }} wanted
 */
export async function ensurePrograms({ jvm, registry, chromium, nginx }) {
  const missing = []
  if (jvm && javaVersion() < JAVA) missing.push({ name: `Java ${JAVA} or later`, apt: aptJava })
  const fetched =
    (!jvm || isFetched(/^kafka-[\d.]+$/)) && (!registry || isFetched(/^apicurio-registry-[\d.]+Final$/))
  if (!fetched && !findProgram(["mvn"])) missing.push({ name: "Maven", apt: () => "maven" })
  if (chromium && !findChromium()) missing.push({ name: "Chromium", apt: () => "chromium" })
  if (nginx && !findNginx()) missing.push({ name: "nginx", apt: () => "nginx-light" })
  if (missing.length === 0) return
  const names = missing.map((program) => program.name).join(" and ")
  if (!canInstall(missing)) {
    throw new SetupError(
      `${names} must be installed first: do so by your system's package manager, and start again.`,
    )
  }
  await step(`${names}, by apt-get`, async () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" }
    await runQuietly("apt-get", ["update", "-q"], env)
    const packages = missing.map((program) => program.apt())
    const install = ["install", "-q", "-y", "--no-install-recommends", ...packages]
    await withoutServices(() => runQuietly("apt-get", install, env))
  })
}

/** Where the Chromium for browser tests is: CHROMIUM_PATH, or the first in the PATH; null when there is none. */
export function findChromium() {
  const named = process.env.CHROMIUM_PATH
  if (named && existsSync(named)) return named
  const folders = (process.env.PATH ?? "").split(path.delimiter)
  const places = CHROMIUM.flatMap((name) => folders.map((folder) => path.join(folder, name)))
  return places.find((place) => existsSync(place)) ?? null
}

/** Where the nginx for browser tests is, or null. */
export function findNginx() {
  return findProgram(NGINX, "-v")
}

/**
 * Installs packages without starting the services that are in them: the tests start nginx themselves, on loopback.
 * https://people.debian.org/~hmh/invokerc.d-policyrc.d-specification.txt
 */
async function withoutServices(install) {
  if (existsSync(SERVICE_POLICY)) return install()
  writeFileSync(SERVICE_POLICY, "#!/bin/sh\nexit 101\n", { mode: 0o755 })
  try {
    await install()
  } finally {
    rmSync(SERVICE_POLICY, { force: true })
  }
}

function canInstall(missing) {
  if (process.getuid?.() !== 0 || !findProgram(["apt-get"])) return false
  // Ubuntu's package of that name only calls snap, which servers and containers do not have.
  const ubuntu = /^ID=ubuntu$/m.test(readFileSync("/etc/os-release", "utf8"))
  return !(ubuntu && missing.some((program) => program.name === "Chromium"))
}

function javaVersion() {
  const { stderr } = spawnSync("java", ["-version"], { encoding: "utf8" })
  return Number(/version "(\d+)/.exec(stderr ?? "")?.[1] ?? 0)
}

function aptJava() {
  const versions = [17, 21, 25].map((version) => `openjdk-${version}-jre-headless`)
  const known = versions.find(
    (name) => spawnSync("apt-cache", ["show", name], { stdio: "ignore" }).status === 0,
  )
  return known ?? "default-jre-headless"
}

/** Whether the cache has what Maven once brought; see test/stack/fetched.ts. */
function isFetched(name) {
  const cache = path.join(root, ".cache")
  return existsSync(cache) && readdirSync(cache).some((one) => name.test(one))
}
