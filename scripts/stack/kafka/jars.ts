import path from "node:path"
import { fetchedByMaven } from "../fetched.ts"

const pom = path.join(import.meta.dirname, "pom.xml")
const jars = fetchedByMaven("kafka-4.3.1", "copy-dependencies", ["-f", pom])

/** Kafka's own jars, fetched once by Maven. */
export async function kafkaClasspath(): Promise<string> {
  return path.join(await jars.folder(), "*")
}

/** True when there is nothing to fetch any more. */
export const kafkaIsFetched = (): Promise<boolean> => jars.isThere()
