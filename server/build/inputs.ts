import { createHash } from "node:crypto"
import { access, readdir, readFile } from "node:fs/promises"
import path from "node:path"

/** What the pages are built from; the locked packages stand for everything below node_modules. */
const SOURCES = [
  "app",
  "server",
  "prisma",
  "docs",
  "public",
  "next.config.js",
  "instrumentation-client.ts",
  "proxy.ts",
  "tsconfig.json",
  "package-lock.json",
]
/** Generated from prisma/schema.prisma, which is a source itself. */
const GENERATED = "server/store/prisma/"

/**
 * A hash of the content of every source below `root`. Null where the sources of the pages were not installed, as in an
 * image that carries built pages only.
 */
export async function hashSources(root: string): Promise<string | null> {
  const there = await access(path.join(root, "app")).then(
    () => true,
    () => false,
  )
  if (!there) return null
  const files = (await Promise.all(SOURCES.map((source) => filesIn(root, source)))).flat().sort()
  const hash = createHash("sha256")
  for (const file of files) hash.update(`${file}\n`).update(await readFile(path.join(root, file)))
  return hash.digest("hex")
}

async function filesIn(root: string, source: string): Promise<string[]> {
  const entries = await readdir(path.join(root, source), { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOTDIR") return [source]
      if (error.code === "ENOENT") return []
      throw error
    },
  )
  return entries.flatMap((entry) => {
    if (typeof entry === "string") return [entry]
    if (!entry.isFile()) return []
    const file = path.relative(root, path.join(entry.parentPath, entry.name))
    return file.startsWith(GENERATED) ? [] : [file]
  })
}
