import { readdir, readFile } from "node:fs/promises"
import path from "node:path"
import { parseSync } from "oxc-parser"

export const root = path.resolve(import.meta.dirname, "../..")

export interface Import {
  from: string
  /** As it is written. */
  specifier: string
  /** A file of ours by its path from the root, or a package's specifier. */
  to: string
  ours: boolean
  typeOnly: boolean
}

/** Every static import and re-export of the TypeScript files below these folders. */
export async function readImports(folders: readonly string[]): Promise<Import[]> {
  const files = (await Promise.all(folders.map(sourcesIn))).flat()
  return (await Promise.all(files.map(importsOf))).flat()
}

async function sourcesIn(folder: string): Promise<string[]> {
  const entries = await readdir(path.join(root, folder), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.startsWith("server/store/prisma/"))
}

async function importsOf(file: string): Promise<Import[]> {
  const source = await readFile(path.join(root, file), "utf8")
  const { module } = parseSync(file, source)
  const imports = module.staticImports.map((one) => ({
    specifier: one.moduleRequest.value,
    typeOnly: one.entries.length > 0 && one.entries.every((entry) => entry.isType),
  }))
  const exports = module.staticExports.flatMap((one) =>
    one.entries.flatMap((entry) =>
      entry.moduleRequest ? [{ specifier: entry.moduleRequest.value, typeOnly: entry.isType }] : [],
    ),
  )
  return [...imports, ...exports].map(({ specifier, typeOnly }) => ({
    from: file,
    specifier,
    to: resolve(file, specifier),
    ours: /^[#.]/.test(specifier),
    typeOnly,
  }))
}

function resolve(file: string, specifier: string): string {
  if (specifier.startsWith("#")) return specifier.slice(1)
  if (specifier.startsWith(".")) return path.join(path.dirname(file), specifier)
  return specifier
}
