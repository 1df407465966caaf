// node scripts/release-notes.mjs v1.2.3: prints the part of CHANGELOG.md on this version. Fails where package.json has
// another version, or the changelog has nothing on it.
import { readFileSync } from "node:fs"
import path from "node:path"
import { pathToFileURL } from "node:url"

const root = path.dirname(import.meta.dirname)

/**
 * The lines below the heading of a version, up to the next; null: there are none.
 * @param {string} changelog
 * @param {string} version
 * @returns {string | null}
 */
export function notesOf(changelog, version) {
  const sections = changelog.split(/^## /m).slice(1)
  const found = sections.find((section) => {
    const [heading = ""] = section.split("\n")
    return heading === version || heading.startsWith(`${version} `) || heading.startsWith(`[${version}]`)
  })
  const notes = found?.slice(found.indexOf("\n")).trim()
  return notes ? notes : null
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const version = (process.argv[2] ?? "").replace(/^v/, "")
  const own = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")).version
  const notes = notesOf(readFileSync(path.join(root, "CHANGELOG.md"), "utf8"), version)
  if (version !== own) fail(`The tag says ${version || "nothing"}, package.json says ${own}.`)
  else if (notes === null) fail(`CHANGELOG.md has no section "## ${version}".`)
  else console.log(notes)
}

/** @param {string} why */
function fail(why) {
  console.error(why)
  process.exitCode = 1
}
