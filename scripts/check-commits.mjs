// npm run check:commits -- main..HEAD: checks the messages of these commits. The hook scripts/hooks/commit-msg gives it the
// file of one message: --file FILE.
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { pathToFileURL } from "node:url"

const MAX_SUBJECT = 72
/** "Added", "adds", "adding": a subject says what the commit does, as an order. */
const NO_ORDER = /^(\w+(ed|ing)|(adds|changes|fixes|makes|moves|removes|renames|shows|updates|uses))\b/i
/** Verbs that only look so. */
const ORDERS = /^(bring|embed|exceed|feed|need|proceed|seed|shed|speed|spring|string)$/i
const UNFINISHED = /^(fixup!|squash!|amend!|wip\b)/i

/**
 * What is wrong with a message, in words; none: nothing.
 * @param {string} message
 * @returns {string[]}
 */
export function faultsOf(message) {
  const lines = message.split("\n").filter((line) => !line.startsWith("#"))
  const [subject = "", second = ""] = lines
  if (/^(Merge|Revert) /.test(subject)) return []
  const [verb = ""] = subject.split(" ")
  const faults = []
  if (subject.trim() === "") faults.push("the subject is empty")
  if (subject.length > MAX_SUBJECT)
    faults.push(`the subject has ${subject.length} characters: aim at 50, ${MAX_SUBJECT} at most`)
  if (UNFINISHED.test(subject)) faults.push("the commit is not finished")
  else if (/^[a-z]/.test(subject)) faults.push("the subject begins with a small letter")
  else if (NO_ORDER.test(verb) && !ORDERS.test(verb)) faults.push(`the subject is not imperative: “${verb}”`)
  if (subject.endsWith(".")) faults.push("the subject ends with a full stop")
  if (second.trim() !== "") faults.push("the second line is not empty")
  return faults
}

/** @returns {{ name: string, message: string }[]} */
function messages(/** @type {string[]} */ [first, file]) {
  if (first === "--file" && file !== undefined) return [{ name: file, message: readFileSync(file, "utf8") }]
  const range = first ?? "main..HEAD"
  const { status, stdout, stderr } = spawnSync("git", ["log", "--format=%h%n%B%x00", range], {
    encoding: "utf8",
  })
  if (status !== 0) throw new Error(stderr.trim())
  return stdout
    .split("\0")
    .map((text) => text.trim())
    .filter((text) => text !== "")
    .map((text) => {
      const end = text.indexOf("\n")
      return { name: text.slice(0, end), message: text.slice(end + 1) }
    })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  for (const { name, message } of messages(process.argv.slice(2))) {
    for (const fault of faultsOf(message)) {
      console.error(`${name} “${message.split("\n")[0]}”: ${fault}`)
      process.exitCode = 1
    }
  }
}
