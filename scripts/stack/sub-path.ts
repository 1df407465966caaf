import { cp, mkdir, readdir, rm, symlink } from "node:fs/promises"
import path from "node:path"
import { ensureBuild } from "#server/build/index.ts"

const root = path.resolve(import.meta.dirname, "../..")
const COPIED = [
  "app",
  "docs",
  "server",
  "prisma",
  "next.config.js",
  "prisma.config.ts",
  "scripts",
  "instrumentation-client.ts",
  "proxy.ts",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
]

/**
 * A copy of the product whose pages are built below a path, since a build serves one path only. Returns its folder, in
 * `.cache`; the packages are those of this checkout. Built again only when the sources changed.
 */
export async function buildBelow(basePath: string): Promise<string> {
  const copy = path.join(root, ".cache", "sub-path")
  await mkdir(path.join(copy, "node_modules"), { recursive: true })
  for (const name of await readdir(copy)) {
    if (name !== ".next" && name !== "node_modules") await rm(path.join(copy, name), { recursive: true })
  }
  for (const name of COPIED) await cp(path.join(root, name), path.join(copy, name), { recursive: true })
  await symlink(path.join(root, "node_modules", "next"), path.join(copy, "node_modules", "next")).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error
    },
  )
  await ensureBuild({ root: copy, basePath })
  return copy
}
