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
/** A build of its own in the cache comes first: docs/contributors/working.md. */
const ALERTMANAGER = [
  path.join(root, ".cache", "alertmanager-0.28.1", "alertmanager"),
  ...["alertmanager", "prometheus-alertmanager"],
]
const CHROMIUM = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

/**
 * Programs that npm cannot bring. To want one more: add it here, and name it where `ensure` of setup.mjs is called.
 * `name` is for people, `isThere` says whether it is installed, `apt` names its Debian package. An `optional` one is
 * installed where that can be done; where it cannot, the tests that use it must skip themselves.
 * @type {Record<"jvm" | "maven" | "chromium" | "nginx" | "alertmanager" | "git",
 *   { name: string, isThere: () => boolean, apt: () => string, snapOnUbuntu?: boolean, optional?: boolean }>}
 */
const PROGRAMS = {
  jvm: { name: `Java ${JAVA} or later`, isThere: () => javaVersion() >= JAVA, apt: aptJava },
  maven: { name: "Maven", isThere: () => isFound(["mvn"]), apt: () => "maven" },
  git: { name: "git", isThere: () => isFound(["git"]), apt: () => "git" },
  // Ubuntu's package of that name only calls snap, which servers and containers do not have.
  chromium: {
    name: "Chromium",
    isThere: () => findChromium() !== null,
    apt: () => "chromium",
    snapOnUbuntu: true,
  },
  nginx: {
    name: "nginx",
    isThere: () => findNginx() !== null,
    apt: () => "nginx-light",
    optional: true,
  },
  alertmanager: {
    name: "Alertmanager",
    isThere: () => findAlertmanager() !== null,
    apt: () => "prometheus-alertmanager",
    optional: true,
  },
}

/** @typedef {keyof typeof PROGRAMS} Program */

/**
 * Sees to it that these programs are here. Installs them with apt-get as root on Debian or Ubuntu; elsewhere ends with
 * one sentence that says what to install.
 * @param {Program[]} wanted
 */
export async function ensurePrograms(wanted) {
  const missing = wanted.map((program) => PROGRAMS[program]).filter((program) => !program.isThere())
  if (missing.length === 0) return
  if (canInstall(missing)) return install(missing)
  const needed = missing.filter((program) => !program.optional)
  if (needed.length === 0) return
  throw new SetupError(
    `${namesOf(needed)} must be installed first: do so by your system's package manager, and start again.`,
  )
}

function namesOf(programs) {
  return programs.map((program) => program.name).join(" and ")
}

async function install(missing) {
  const names = namesOf(missing)
  await step(`${names}, by apt-get`, async () => {
    const env = { DEBIAN_FRONTEND: "noninteractive" }
    await runQuietly("apt-get", ["update", "-q"], { env })
    const packages = missing.map((program) => program.apt())
    const args = ["install", "-q", "-y", "--no-install-recommends", ...packages]
    await withoutServices(() => runQuietly("apt-get", args, { env }))
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

/** Where the Alertmanager for the test of its channel is, or null. */
export function findAlertmanager() {
  return findProgram(ALERTMANAGER)
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
  const ubuntu = /^ID=ubuntu$/m.test(readFileSync("/etc/os-release", "utf8"))
  return !(ubuntu && missing.some((program) => program.snapOnUbuntu))
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

function isFound(names, flag) {
  return findProgram(names, flag) !== null
}

/** Whether the cache has what Maven once brought, such as `kafka-4.1.0`; see scripts/stack/fetched.ts. */
export function isFetched(name) {
  const cache = path.join(root, ".cache")
  return existsSync(cache) && readdirSync(cache).some((one) => name.test(one))
}
