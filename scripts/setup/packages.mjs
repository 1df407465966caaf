import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import path from "node:path"
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
 * `npm ci`. It refuses a lockfile when the registry in use does not carry optional packages for other platforms than
 * ours (a filtering mirror); then, and only then, `npm install` takes the same versions from the same lockfile.
 */
async function installLocked() {
  const flags = ["--ignore-scripts", "--no-audit", "--no-fund"]
  try {
    await runQuietly("npm", ["ci", ...flags])
  } catch (error) {
    if (!onlyAbsentFromRegistry(String(error))) throw error
    await runQuietly("npm", ["install", "--no-save", ...flags])
  }
}

/** npm names a package that the registry does not know without a version: `Missing: name@ from lock file`. */
function onlyAbsentFromRegistry(output) {
  const complaints = output.split("\n").filter((line) => /(Missing|Invalid): .*lock file/.test(line))
  return (
    complaints.length > 0 && complaints.every((line) => /Missing: \S+@ from lock file$/.test(line.trim()))
  )
}

function allowedPackages() {
  const { allowScripts } = readJson("package.json")
  return Object.keys(allowScripts).filter(
    (name) => allowScripts[name] && existsSync(path.join(root, "node_modules", name)),
  )
}

/** npm notes what it installed in a lockfile of its own; packages for other platforms are not in it. */
function lockfileIsInstalled() {
  const installed = readJson("node_modules/.package-lock.json").packages
  if (!installed) return false
  return Object.entries(readJson("package-lock.json").packages).every(
    ([place, wanted]) =>
      place === "" ||
      (installed[place] ? installed[place].version === wanted.version : wanted.optional === true),
  )
}

/** Generates the database client when the schema is another than last time. */
export async function ensureGenerated() {
  const { scripts } = readJson("package.json")
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
  const place = path.join(root, file)
  return existsSync(place) ? JSON.parse(readFileSync(place, "utf8")) : {}
}
