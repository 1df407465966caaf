import { existsSync, globSync, readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { expect, test } from "vitest"
import { type Document, readDocuments } from "./documents.ts"
import { root } from "./imports.ts"

const documents = await readDocuments()
/** The changelog tells what was: what it names may have gone since. */
const present = documents.filter(({ file }) => file !== "CHANGELOG.md")
const scripts = Object.keys(JSON.parse(textOf("package.json")).scripts)
const sources = globSync("{app,server,scripts,bench,test}/**/*.{ts,tsx,mjs}", { cwd: root })
  .filter((file) => !file.startsWith("server/store/prisma/"))
  .concat("instrumentation-client.ts", "next.config.js", "proxy.ts")
const packaging = globSync("{Dockerfile,*.yaml,deploy/**/*.{yaml,yml,tpl,service,sh}}", { cwd: root })
const program = sources.filter((file) => !file.startsWith("test/"))

test("every link leads to a file, and to a heading in it", () => {
  expect(documents.flatMap((one) => one.links.filter((link) => !resolves(one, link)).map(told(one)))).toEqual(
    [],
  )
})

test("every path that is named exists", () => {
  expect(present.flatMap((one) => one.code.flatMap(pathsIn).filter(isMissing).map(told(one)))).toEqual([])
})

test("every npm script, benchmark and program that is named exists", () => {
  const missing = present.flatMap((one) => one.code.flatMap(unknownCommands).map(told(one)))
  expect(missing).toEqual([])
})

test("every environment variable that is named is read", () => {
  const read = [...sources, ...packaging].map(textOf).join("\n")
  const unread = present.flatMap((one) =>
    variablesOf(one)
      .filter((name) => !read.includes(name))
      .map(told(one)),
  )
  expect(unread).toEqual([])
})

/** What Signalbox gives its own processes; nobody else sets them. */
const INTERNAL = ["SIGNALBOX_DEMO_USER", "SIGNALBOX_DEMO_PASSWORD", "SIGNALBOX_BASE_PATH"]

test("every environment variable of Signalbox is documented", () => {
  const read = new Set(
    program.flatMap((file) => textOf(file).match(/\bSIGNALBOX_[A-Z][A-Z_]*[A-Z]\b/g) ?? []),
  )
  const named = new Set([...INTERNAL, ...present.flatMap(variablesOf)])
  expect([...read].filter((name) => !named.has(name))).toEqual([])
})

function told({ file }: Document): (what: string) => string {
  return (what) => `${file}: ${what}`
}

function textOf(file: string): string {
  return readFileSync(path.join(root, file), "utf8")
}

function resolves(from: Document, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return true
  const [target = "", anchor] = link.split("#")
  const file = target === "" ? from.file : path.join(path.dirname(from.file), target)
  if (!existsSync(path.join(root, file))) return false
  return anchor === undefined || (documents.find((one) => one.file === file)?.anchors.has(anchor) ?? false)
}

const FOLDERS = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && (entry.name === ".github" || !entry.name.startsWith(".")))
  .map((entry) => entry.name.replace(".", "\\."))
const PATH = new RegExp(
  String.raw`(?:^|[\s=(])((?:${FOLDERS.join("|")})/[\w./()[\]*@{},-]*|[\w.-]+\.(?:json|yaml|md|mjs))(?=$|[\s):,])`,
  "g",
)
/** What people have, not this repository. */
const OTHERS = ["signalbox.yaml", "deploy/secrets", "signalbox.cdx.json", "signalbox.spdx.json"]

function pathsIn(code: string): string[] {
  // <system> stands for any system, … for any folders.
  const named = [...code.replace(/<\w+>/g, "*").replaceAll("/…/", "/**/").matchAll(PATH)].map(
    ([, found = ""]) => found,
  )
  return named.filter((one) => !OTHERS.includes(one))
}

function isMissing(named: string): boolean {
  const pattern = named.replace(/[[\]]/g, "\\$&")
  return !existsSync(path.join(root, named)) && globSync(pattern, { cwd: root }).length === 0
}

/** npm's own words, which are no scripts. */
const NPM = ["install", "ci", "test", "start", "audit", "run", "sbom"]

function unknownCommands(code: string): string[] {
  const run = [...code.matchAll(/\bnpm run (?:--silent )?([\w:-]+)/g)].map(([, name = ""]) => name)
  const bare = [...code.matchAll(/\bnpm (?!run\b)([\w:-]+)/g)].map(([, name = ""]) => name)
  const benches = [...code.matchAll(/npm run bench -- ([a-z-]+)/g)].map(([, name = ""]) => name)
  const programs = [...code.matchAll(/\bnpx ([\w-]+)/g)].map(([, name = ""]) => name)
  return [
    ...run.filter((name) => !scripts.includes(name)).map((name) => `npm run ${name}`),
    ...bare.filter((name) => !NPM.includes(name)).map((name) => `npm ${name}`),
    ...benches.filter((name) => !existsSync(path.join(root, "bench", `${name}.ts`))),
    ...programs.filter((name) => !existsSync(path.join(root, "node_modules", ".bin", name))),
  ]
}

/** For psql, and for a signalbox.yaml of one's own. */
const OTHER_VARIABLES = ["PGPASSWORD", "SIGNALBOX_KAFKA_PASSWORD"]

/** SIGNALBOX_…, the first column of a table of variables, and what a command is given. */
function variablesOf({ text, code }: Document): string[] {
  const own = code.flatMap((line) => line.match(/\bSIGNALBOX_[A-Z][A-Z_]*[A-Z]\b/g) ?? [])
  const tables = [...text.matchAll(/^\| variable .*\n\| -.*\n((?:\|.*\n)+)/gm)].flatMap(([, rows = ""]) =>
    rows.split("\n").flatMap((row) => row.split("|")[1]?.match(/[A-Z][A-Z_]+/g) ?? []),
  )
  const given = code.flatMap(
    (line) => /^(?:[A-Z][A-Z_]+=\S+ )+/.exec(line)?.[0].match(/[A-Z][A-Z_]+(?==)/g) ?? [],
  )
  // Each can be given as a file as well.
  const named = new Set([...own, ...tables, ...given].map((name) => name.replace(/_FILE$/, "")))
  return [...named].filter((name) => !OTHER_VARIABLES.includes(name))
}
