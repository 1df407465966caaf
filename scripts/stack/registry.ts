import { fetchedByMaven } from "./fetched.ts"
import { freePort } from "./ports.ts"
import { startServer } from "./process.ts"

const VERSION = "2.6.13.Final"
const ARTIFACT = `io.apicurio:apicurio-registry-app:${VERSION}:tar.gz:all`
const program = fetchedByMaven(`apicurio-registry-${VERSION}`, "unpack", [`-Dartifact=${ARTIFACT}`])

/** A schema as Confluent's API takes it; Avro where no type is given. */
interface NewSchema {
  schema: string
  schemaType?: "AVRO" | "PROTOBUF" | "JSON"
  references?: { name: string; subject: string; version: number }[]
}

export interface Registry extends AsyncDisposable {
  /** Its API as Confluent's. */
  readonly url: string
  /** Registers a version of a subject, and answers the id of its schema. */
  register(subject: string, schema: NewSchema): Promise<number>
}

/** A real Apicurio Registry that keeps all in memory. Fetched once by Maven; ready when it answers. */
export async function startRegistry(): Promise<Registry> {
  const cwd = await program.folder()
  const port = await freePort()
  const url = `http://127.0.0.1:${port}/apis/ccompat/v7`
  const server = await startServer({
    name: "Apicurio Registry",
    command: "java",
    args: [
      ...["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"],
      ...["-Dquarkus.http.host=127.0.0.1", `-Dquarkus.http.port=${port}`],
      ...["-jar", `apicurio-registry-app-${VERSION}-runner.jar`],
    ],
    cwd,
    ready: async () => (await fetch(`${url}/subjects`).catch(() => null))?.ok === true,
  })
  return {
    url,
    register: async (subject, schema) => {
      const answer = await fetch(`${url}/subjects/${encodeURIComponent(subject)}/versions`, {
        method: "POST",
        headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
        body: JSON.stringify(schema),
      })
      if (!answer.ok) throw new Error(`${subject} was not registered: ${await answer.text()}`)
      const { id } = (await answer.json()) as { id: number }
      return id
    },
    [Symbol.asyncDispose]: () => server.stop(),
  }
}
