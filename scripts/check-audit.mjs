// npm run check:audit: asks the registry for known vulnerabilities of the packages in the lockfile. There is no advisory data
// offline: where the registry does not offer it, that is said, and nothing fails for it.
import { spawnSync } from "node:child_process"
import path from "node:path"

/** Of these, and of what is worse, none may be there. */
const LEVEL = "high"

const asked = spawnSync("npm", ["audit", "--json", "--package-lock-only", `--audit-level=${LEVEL}`], {
  cwd: path.dirname(import.meta.dirname),
  encoding: "utf8",
  timeout: 60_000,
})
const report = parse(asked.stdout)
if (!report?.metadata?.vulnerabilities) {
  const why = report?.message ?? report?.error?.summary ?? asked.error?.message ?? "no answer"
  console.log(
    `Dependencies were not checked for known vulnerabilities: the registry does not tell them (${oneLine(why)}).`,
  )
} else {
  const { vulnerabilities } = report.metadata
  const counts = Object.entries(vulnerabilities)
    .filter(([level, count]) => level !== "total" && count > 0)
    .map(([level, count]) => `${count} ${level}`)
  console.log(`Known vulnerabilities of dependencies: ${counts.join(", ") || "none"}.`)
  for (const { name, severity, range } of Object.values(report.vulnerabilities ?? {}))
    console.log(`  ${name} ${range} (${severity})`)
  process.exitCode = asked.status ?? 1
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function oneLine(text) {
  return String(text)
    .split("\n")[0]
    .slice(0, 120)
    .replace(/https?:\/\/\S+/g, "its address")
}
