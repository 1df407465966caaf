import { execFile } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"

const cache = path.resolve(import.meta.dirname, "../../../.cache")
const archive = path.join(cache, "classes-of-kafka.jsa")

/** A start as short as the JVM can make it: these processes live for seconds, or do little. */
const QUICK = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]

/**
 * Flags of a JVM for Kafka. It finds the classes parsed and verified in an archive (JEP 350), where there is one, and
 * starts in two thirds of the time. An archive of another JVM or other jars is passed over.
 */
export function jvmFlags(): string[] {
  if (!existsSync(archive)) return [...QUICK, "-Xshare:auto"]
  // What the JVM says of the archive must not mix with what a tool prints.
  return [
    ...[...QUICK, "-Xshare:auto", `-XX:SharedArchiveFile=${archive}`],
    ...["-Xlog:disable", "-Xlog:all=warning:stderr"],
  ]
}

/**
 * Makes the archive, once a checkout. `run` starts a node in this folder with these flags more, and ends it in order,
 * which is when the JVM writes the archive.
 */
export async function archiveClasses(
  classpath: string,
  run: (home: string, jvm: string[]) => Promise<void>,
): Promise<void> {
  if (existsSync(archive)) return
  await mkdir(cache, { recursive: true })
  const home = await mkdtemp(`${archive}-`)
  try {
    const made = path.join(home, "made.jsa")
    await run(home, [`-XX:ArchiveClassesAtExit=${made}`])
    if (await isWhole(made, classpath, home)) await rename(made, archive)
  } finally {
    await rm(home, { recursive: true, force: true })
  }
}

/** False also where this JVM makes no archives, or was killed while it wrote: starts take longer then, no more. */
function isWhole(file: string, classpath: string, cwd: string): Promise<boolean> {
  const strict = ["-Xshare:on", "-XX:+VerifySharedSpaces", `-XX:SharedArchiveFile=${file}`]
  const args = [...QUICK, ...strict, "-cp", classpath, "-version"]
  return promisify(execFile)("java", args, { cwd }).then(
    () => existsSync(file),
    () => false,
  )
}
