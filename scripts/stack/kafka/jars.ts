import path from "node:path"
import { fetchedByMaven } from "../fetched.ts"

const pom = path.join(import.meta.dirname, "pom.xml")
/** Of the brokers that are started. CI runs what must hold with older ones too. */
export const KAFKA_VERSION = process.env.KAFKA_VERSION ?? "4.3.1"
const jars = fetchedByMaven(`kafka-${KAFKA_VERSION}`, "copy-dependencies", [
  "-f",
  pom,
  `-Dkafka.version=${KAFKA_VERSION}`,
])

/** Kafka's own jars, fetched once by Maven. */
export async function kafkaClasspath(): Promise<string> {
  return path.join(await jars.folder(), "*")
}

/** True when there is nothing to fetch any more. */
export const kafkaIsFetched = (): Promise<boolean> => jars.isThere()
