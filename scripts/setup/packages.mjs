import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
import { requiredNames } from "./lockfile.mjs"
import { pinnedNode, root, runQuietly } from "./run.mjs"
import { step } from "./steps.mjs"

/** Installs the npm packages when they are missing or not those of the lockfile. */
export async function ensurePackages() {
  if (existsSync(pinnedNode) && lockfileIsInstalled()) return
  await step("npm packages", async () => {
    await installLocked()
    // Older npm versions do not know `allowScripts`: so no script runs at first, and then the listed ones do.
    await runQuietly("npm", ["rebuild", ...allowedPackages()])
  })
}

/**
 * Installs exactly what the lockfile of a folder says. `npm ci` refuses a lockfile that lacks optional packages which the
 * registry carries, or knows by name only: an npm behind a mirror that carries some platforms writes such a lockfile.
 * Then, and only then, `npm install` takes the same versions from the same lockfile, which stays as it is. Rejects with
 * what npm said.
 */
export async function installLocked(folder = root) {
  // Of Node versions npm would warn at length: the packages run on the pinned Node, not on the one that runs npm now.
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
  const lockfile = path.join(folder, "package-lock.json")
  try {
    await runQuietly("npm", ["ci", ...flags], { cwd: folder })
  } catch (error) {
    const { packages } = readJson(lockfile)
    const required = requiredNames(packages, readJson(path.join(folder, "package.json")))
    if (!lacksOnlyOptional(String(error), required)) throw error
    const locked = readFileSync(lockfile)
    try {
      await runQuietly("npm", ["install", "--no-save", ...flags], { cwd: folder })
    } finally {
      if (!readFileSync(lockfile).equals(locked)) writeFileSync(lockfile, locked)
    }
  }
}

/** npm names what a lockfile lacks as `Missing: name@1.2.3 from lock file`, without a version if the registry has none. */
function lacksOnlyOptional(output, required) {
  const complaints = output.split("\n").filter((line) => /(Missing|Invalid): .*lock file/.test(line))
  const missing = complaints.map((line) => /Missing: (.+)@\S* from lock file$/.exec(line.trim())?.[1])
  return missing.length > 0 && missing.every((name) => name && !required.has(name))
}

function allowedPackages() {
  const { allowScripts } = readJson(path.join(root, "package.json"))
  return Object.keys(allowScripts).filter(
    (name) => allowScripts[name] && existsSync(path.join(root, "node_modules", name)),
  )
}

/** npm notes what it installed in a lockfile of its own; packages for other platforms are not in it. */
function lockfileIsInstalled() {
  const installed = readJson(path.join(root, "node_modules/.package-lock.json")).packages
  if (!installed) return false
  return Object.entries(readJson(path.join(root, "package-lock.json")).packages).every(
    ([place, wanted]) =>
      place === "" ||
      (installed[place] ? installed[place].version === wanted.version : wanted.optional === true),
  )
}

/** Generates the database client when the schema is another than last time. */
export async function ensureGenerated() {
  const { scripts } = readJson(path.join(root, "package.json"))
  if (!scripts.generate) return
  const stamp = path.join(root, ".cache", "generated")
  const sources = ["prisma/schema.prisma", "node_modules/prisma/package.json", "scripts/generate.mjs"]
  const hash = createHash("sha256")
  for (const file of sources) hash.update(readFileSync(path.join(root, file)))
  const now = hash.digest("hex")
  const generated = existsSync(path.join(root, "server/store/prisma/client.ts"))
  if (generated && existsSync(stamp) && readFileSync(stamp, "utf8") === now) return
  await step("database client", () => runQuietly("npm", ["run", "generate"]))
  mkdirSync(path.dirname(stamp), { recursive: true })
  writeFileSync(stamp, now)
}

function readJson(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {}
}
