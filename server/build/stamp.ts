import { access, readFile, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import { z } from "zod"

const schema = z.object({ sources: z.string(), basePath: z.string() })

/** What the built pages were built from. */
export type Stamp = z.infer<typeof schema>

/** The stamp of the pages that are built below `root`; null when there are none, or their build did not finish. */
export async function readStamp(root: string): Promise<Stamp | null> {
  try {
    await access(path.join(root, ".next", "BUILD_ID"))
    return schema.parse(JSON.parse(await readFile(fileOf(root), "utf8")))
  } catch {
    return null
  }
}

export async function writeStamp(root: string, stamp: Stamp): Promise<void> {
  await writeFile(fileOf(root), JSON.stringify(stamp))
}

/** From here until `writeStamp` the pages count as not built, whatever becomes of the build. */
export async function removeStamp(root: string): Promise<void> {
  await rm(fileOf(root), { force: true })
}

function fileOf(root: string): string {
  return path.join(root, ".next", "signalbox-build.json")
}
