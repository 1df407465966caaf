import { execFile } from "node:child_process"
import { cp, readFile, rm } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { isBuildStale } from "#server/build/index.ts"

const root = path.resolve(import.meta.dirname, "../..")

/** Gives a copy of the product the packages of this checkout: hard links where both are on one file system. */
export async function linkPackages(copy: string): Promise<void> {
  const [ours, theirs] = [root, copy].map((folder) => path.join(folder, "node_modules"))
  // What npm notes of its installation.
  const noteIn = (folder = "") => readFile(path.join(folder, ".package-lock.json"), "utf8").catch(() => null)
  const note = await noteIn(ours)
  if (note !== null && note === (await noteIn(theirs))) return
  await rm(theirs ?? "", { recursive: true, force: true })
  const link = (how: string) => promisify(execFile)("cp", [how, ours ?? "", theirs ?? ""])
  await link("-al").catch(async () => {
    await rm(theirs ?? "", { recursive: true, force: true })
    await link("-a")
  })
}

/**
 * Gives a copy of the product what Next compiled for this checkout, so that its build compiles only what differs. Does
 * nothing where these pages are not built.
 */
export async function lendCompiled(copy: string): Promise<void> {
  if (await isBuildStale()) return
  const cache = path.join(".next", "cache")
  await cp(path.join(root, cache), path.join(copy, cache), { recursive: true })
}
