import path from "node:path"
import { fetchedByMaven } from "../../fetched.ts"

const AGENT_VERSION = "2.33.1"
const pom = path.join(import.meta.dirname, "pom.xml")
const jars = fetchedByMaven(`shop-java-${AGENT_VERSION}`, "copy-dependencies", [
  ...["-f", pom, `-Dagent.version=${AGENT_VERSION}`, "-Dmdep.stripVersion=true"],
])

/** OpenTelemetry's Java agent and a compiler, fetched once by Maven. */
export async function javaTools(): Promise<{ agent: string; compiler: string }> {
  const folder = await jars.folder()
  return {
    agent: path.join(folder, "opentelemetry-javaagent.jar"),
    compiler: path.join(folder, "ecj.jar"),
  }
}

/** True when there is nothing to fetch any more. */
export const javaToolsAreFetched = (): Promise<boolean> => jars.isThere()
