import { readdirSync, readFileSync } from "node:fs"
import path from "node:path"
import { parseSync } from "oxc-parser"
import { describe, expect, it } from "vitest"

const root = path.resolve(import.meta.dirname, "../..")

/** Phrases that no text for people may hold, with what to write instead. */
const BANNED: [phrase: RegExp, instead: string][] = [
  [/\(any more\)|\bany more\b/i, "does not exist, no longer"],
  [/\bis not right\b/i, "incorrect, invalid"],
  [/\bby itself\b/i, "automatically"],
  [/\bE-mail\b/, "Email"],
  [/\bwhereto\b/i, "destination"],
  [/\bfor ever\b/i, "unlimited"],
  [/\ball the same\b/i, "anyway"],
  [/\b(Messages|written) a second\b/i, "per second"],
  [/\bThere is no such\b/, "not found"],
  [/\bwho writes with\b/i, "producers with"],
  [/\bis yet to come\b/i, "not written yet"],
  [/\b(Make|Keep) (the|a) (link|token|password|group)\b/, "Create, Set"],
  [/\bNobody has\b/, "No …"],
  [/\bNeeds you\b/, "Needs attention"],
  [/\bare told\b|\bwas told\b/i, "say who knows what"],
  [/\btaken away\b|\btakes back\b/i, "removed, reverts"],
  [/\bis gone\b|\bare gone\b/i, "deleted, no longer exists"],
  [/\bgoes on\b/i, "continues, is running"],
  [/\btells it\b|\btold of\b|\bdid not tell\b/i, "says, reports, unknown"],
  [/\beverybody\b/i, "everyone"],
  [/\bas fast as it goes\b/i, "without a rate limit"],
  [/\bdied (from|between)\b/i, "failed between"],
  [/\bMake (the|a) /, "Create"],
  [/\bMend\b|\bmended\b/, "fix, edit"],
  [/\bas many as the cluster\b/i, "the cluster default"],
]

/** Every text in a file: string literals, templates and what stands between tags. Comments are none. */
function textsOf(file: string): string[] {
  const { program } = parseSync(file, readFileSync(path.join(root, file), "utf8"))
  const texts: string[] = []
  const open: unknown[] = [program]
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === null || typeof node !== "object") continue
    texts.push(...textIn(node))
    open.push(...Object.values(node))
  }
  return texts
}

function textIn(node: object): string[] {
  const { type, value } = { type: null, value: null, ...node } as { type: unknown; value: unknown }
  if ((type === "Literal" || type === "JSXText") && typeof value === "string")
    return [value.replace(/\s+/g, " ")]
  if (type !== "TemplateElement" || value === null || typeof value !== "object") return []
  return "cooked" in value && typeof value.cooked === "string" ? [value.cooked] : []
}

const sources = ["app", "server"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.startsWith("server/store/prisma/")),
)
const texts = sources.flatMap((file) => textsOf(file).map((text) => ({ file, text })))

describe("texts for people do not say", () => {
  it("(of which there are many)", () => {
    expect(texts.length).toBeGreaterThan(3000)
    expect(texts.map((one) => one.text)).toContain("Incorrect email or password.")
  })

  it.each(BANNED)("%s, but %s", (phrase) => {
    expect(texts.filter(({ text }) => phrase.test(text))).toEqual([])
  })
})
