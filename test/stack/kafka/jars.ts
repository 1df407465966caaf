import { execFile } from "node:child_process"
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises"
import path from "node:path"
import { promisify } from "node:util"

const KAFKA_VERSION = "4.3.1"
const root = path.resolve(import.meta.dirname, "../../..")
const folder = path.join(root, ".cache", `kafka-${KAFKA_VERSION}`)

/**
 * Kafka's own jars, fetched once by Maven. Two processes may ask at once: each fetches into a folder of its own,
 * and the first to finish puts it in place by a rename.
 */
export async function kafkaClasspath(): Promise<string> {
  if (!(await kafkaIsFetched())) await fetchJars()
  return path.join(folder, "*")
}

/** True when there is nothing to fetch any more. */
export async function kafkaIsFetched(): Promise<boolean> {
  const there = await readdir(folder).catch(() => [])
  return there.length > 0
}

async function fetchJars(): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true })
  const target = await mkdtemp(`${folder}-`)
  const plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
  const pom = path.join(import.meta.dirname, "pom.xml")
  try {
    await promisify(execFile)("mvn", ["-q", "-B", "-f", pom, plugin, `-DoutputDirectory=${target}`], {
      timeout: 600_000,
    })
    await rename(target, folder)
  } catch (error) {
    await rm(target, { recursive: true, force: true })
    if (!(await kafkaIsFetched())) throw error
  }
}
