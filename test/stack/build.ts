import { execFile } from "node:child_process"
import { createHash } from "node:crypto"
import { readdir, readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"

const root = path.resolve(import.meta.dirname, "../..")
const SOURCES = [
  "app",
  "server",
  "prisma",
  "public",
  "next.config.js",
  "proxy.ts",
  "tsconfig.json",
  "package-lock.json",
]
const stamp = path.join(root, ".next", "signalbox-sources")

/** True when the pages that are built are not those of the sources. */
export async function buildIsStale(): Promise<boolean> {
  return (await readFile(stamp, "utf8").catch(() => "")) !== (await sourcesHash())
}

/** Builds the pages, unless they are built of these very sources. Rejects with what the build said. */
export async function ensureBuild(): Promise<void> {
  const hash = await sourcesHash()
  if ((await readFile(stamp, "utf8").catch(() => "")) === hash) return
  const next = path.join(root, "node_modules", "next", "dist", "bin", "next")
  try {
    await promisify(execFile)(process.execPath, [next, "build"], {
      cwd: root,
      maxBuffer: 16 << 20,
      env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    })
  } catch (error) {
    const said = error as { stdout?: string; stderr?: string }
    throw new Error(`next build failed:\n${said.stdout ?? ""}${said.stderr ?? ""}`)
  }
  await writeFile(stamp, hash)
}

async function sourcesHash(): Promise<string> {
  const files = (await Promise.all(SOURCES.map(filesIn))).flat().sort()
  const hash = createHash("sha256")
  for (const file of files) hash.update(`${file}\n`).update(await readFile(path.join(root, file)))
  return hash.digest("hex")
}

async function filesIn(place: string): Promise<string[]> {
  const entries = await readdir(path.join(root, place), { recursive: true, withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === "ENOTDIR") return [place]
      if (error.code === "ENOENT") return []
      throw error
    },
  )
  return entries.flatMap((entry) => {
    if (typeof entry === "string") return [entry]
    if (!entry.isFile()) return []
    const file = path.relative(root, path.join(entry.parentPath, entry.name))
    return file.startsWith("server/store/prisma/") ? [] : [file]
  })
}
