import { execFile } from "node:child_process"
import { access, constants } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"
import { DomainError } from "#server/errors.ts"
import { hashSources } from "./inputs.ts"
import { readStamp, removeStamp, type Stamp, writeStamp } from "./stamp.ts"

export interface BuildOptions {
  /** The path below which browsers reach the pages, such as `/signalbox`; empty for the root. Fixed by the build. */
  basePath?: string
  /** The checkout whose pages are built; default: this one. */
  root?: string
  /** Called before a build starts, which takes about a minute. */
  onBuild?: () => void
  /** Ends a build that is under way. */
  signal?: AbortSignal
}

const here = path.resolve(import.meta.dirname, "../..")

/**
 * Sees to it that the built pages are those of the sources and the base path: builds them if they are not. The builder
 * finds the base path in SIGNALBOX_BASE_PATH. Rejects with a DomainError that carries the builder's output, or that
 * says why this installation cannot build; with `signal`'s reason when that aborts.
 */
export async function ensureBuild(options: BuildOptions = {}): Promise<void> {
  const { basePath = "", root = here, onBuild, signal } = options
  const { built, sources, stale } = await compare(root, basePath)
  if (sources === null) return expectPrebuilt(built, basePath)
  if (!stale) return
  await expectWritable(root)
  onBuild?.()
  await removeStamp(root)
  await build(root, basePath, signal)
  await writeStamp(root, { sources, basePath })
}

/** True when `ensureBuild` would build. */
export async function isBuildStale({ basePath = "", root = here }: BuildOptions = {}): Promise<boolean> {
  return (await compare(root, basePath)).stale
}

async function compare(root: string, basePath: string) {
  const [built, sources] = await Promise.all([readStamp(root), hashSources(root)])
  const stale = sources !== null && (built?.sources !== sources || built.basePath !== basePath)
  return { built, sources, stale }
}

/** Without sources nothing can be built: the pages that came along must do. */
function expectPrebuilt(built: Stamp | null, basePath: string): void {
  if (!built)
    throw new DomainError(
      "unsupported",
      "This installation has neither built pages nor their sources: install it again.",
    )
  if (built.basePath !== basePath)
    throw new DomainError(
      "unsupported",
      `The pages of this installation were built for the path ${built.basePath || "/"}, not ${basePath || "/"}: change the path in SIGNALBOX_URL, or build from the sources with the SIGNALBOX_URL you want.`,
    )
}

async function expectWritable(root: string): Promise<void> {
  const target = path.join(root, ".next")
  const writable = (folder: string) => access(folder, constants.W_OK)
  await writable(target)
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error
      return writable(root)
    })
    .catch((cause: unknown) => {
      throw new DomainError(
        "unsupported",
        `The pages must be built, but ${target} cannot be written: run \`npm run build\` as a user who may write there, with the same SIGNALBOX_URL.`,
        { cause },
      )
    })
}

async function build(root: string, basePath: string, signal?: AbortSignal): Promise<void> {
  const next = path.join(root, "node_modules", "next", "dist", "bin", "next")
  const env = { NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1", SIGNALBOX_BASE_PATH: basePath } as const
  const options = { cwd: root, signal, maxBuffer: 16 << 20, env: { ...process.env, ...env } }
  const run = promisify(execFile)
  try {
    // The pages contain the database client, and its schema may be what changed.
    await run(process.execPath, [path.join(root, "scripts", "generate.mjs")], options)
    await run(process.execPath, [next, "build"], options)
  } catch (error) {
    signal?.throwIfAborted()
    const { stdout = "", stderr = "" } = error as { stdout?: string; stderr?: string }
    const said = `${stdout}${stderr}`.trim() || String(error)
    throw new DomainError("internal", `The pages could not be built:\n${said}`, { cause: error })
  }
}
