import { readFileSync } from "node:fs"
import { readdir } from "node:fs/promises"
import path from "node:path"
import { root } from "./imports.ts"

/** A Markdown file of this repository, taken apart. */
export interface Document {
  /** From the root. */
  file: string
  text: string
  /** Targets of links and pictures, as they are written. */
  links: string[]
  /** GitHub's anchors of its headings. */
  anchors: Set<string>
  /** What stands between backticks, and the lines of its code blocks. */
  code: string[]
}

const FENCE = /^```(\w*)\n([\s\S]*?)^```/gm

/** Every Markdown file at the root and below docs, server and test. */
export async function readDocuments(): Promise<Document[]> {
  const below = await Promise.all(["docs", "server", "test", ".github"].map((folder) => markdownIn(folder)))
  return [...(await markdownIn(".", false)), ...below.flat()].sort().map(take)
}

async function markdownIn(folder: string, recursive = true): Promise<string[]> {
  const files = await readdir(path.join(root, folder), { recursive }).catch(() => [])
  return files.filter((file) => file.endsWith(".md")).map((file) => path.join(folder, file))
}

function take(file: string): Document {
  const text = readFileSync(path.join(root, file), "utf8")
  const prose = text.replace(FENCE, "")
  const blocks = [...text.matchAll(FENCE)].flatMap(([, , block = ""]) => block.split("\n"))
  const spans = [...prose.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span)
  const headings = [...prose.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading))
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target)
  return { file, text, links, anchors: new Set(headings), code: [...spans, ...blocks] }
}

/** As GitHub makes it: words in lower case, without punctuation, joined by hyphens. */
export function anchorOf(heading: string): string {
  return heading
    .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .replace(/\s/g, "-")
}
