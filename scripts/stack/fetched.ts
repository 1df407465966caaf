import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"

const cache = path.resolve(import.meta.dirname, "../../.cache")
/** Of Maven, which has to bring it over the network, in ms. */
const DEADLINE = 600_000

/** A folder of the cache that Maven fills once. */
export interface Fetched {
  /** The folder, filled. Two processes may ask at once: each fills one of its own, and the first puts it in place. */
  folder(): Promise<string>
  /** True when there is nothing to fetch any more. */
  isThere(): Promise<boolean>
}

const PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"

/** What a goal of Maven's dependency plugin leaves in its output directory. What else it writes is beside it, and goes. */
export function fetchedByMaven(name: string, goal: string, args: string[]): Fetched {
  const place = path.join(cache, name)
  const isThere = async () => (await readdir(place).catch(() => [])).length > 0
  const fetch = async () => {
    await mkdir(cache, { recursive: true })
    const work = await mkdtemp(`${place}-`)
    const output = path.join(work, "output")
    try {
      await mkdir(output)
      const command = ["-q", "-B", `${PLUGIN}:${goal}`, `-DoutputDirectory=${output}`, ...args]
      await promisify(execFile)("mvn", command, { cwd: work, timeout: DEADLINE })
      await rename(output, place)
    } catch (error) {
      if (!(await isThere())) throw error
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  return {
    isThere,
    folder: async () => {
      if (!(await isThere())) await fetch()
      return place
    },
  }
}
