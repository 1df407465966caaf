import { readdir, readFile } from "node:fs/promises"
import path from "node:path"
import { type DocSection, sectionsOf } from "./sections.ts"

/** Every section of the pages in docs/, by name; those for contributors and the decisions are not among them. */
export async function readDocs(root = process.cwd()): Promise<DocSection[]> {
  const folder = path.join(root, "docs")
  const files = (await readdir(folder)).filter((name) => name.endsWith(".md")).sort()
  const pages = await Promise.all(
    files.map(async (name) =>
      sectionsOf(name.replace(/\.md$/, ""), await readFile(path.join(folder, name), "utf8")),
    ),
  )
  return pages.flat()
}
