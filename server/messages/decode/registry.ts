import { z } from "zod"
import type { SchemaRegistryAccess } from "#server/brokers/broker.ts"
import { DomainError } from "#server/errors.ts"
import { type AskRegistry, askRegistry } from "./registry-http.ts"
import type { SchemaKey } from "./wire.ts"

export interface RegisteredSchema {
  /** Its id or GUID. */
  id: string
  type: "AVRO" | "PROTOBUF" | "JSON"
  text: string
  /** Schemas it refers to, those that others need first. */
  references: { name: string; text: string }[]
}

const reference = z.object({ name: z.string(), subject: z.string(), version: z.number() })
const answer = z.object({
  schema: z.string(),
  schemaType: z.enum(["AVRO", "PROTOBUF", "JSON"]).default("AVRO"),
  references: z.array(reference).default([]),
})

type Answer = z.output<typeof answer>

const TIMEOUT_MS = 5000
/** How long a failure is remembered: a registry that is away is not asked for every message, in ms. */
const FAILURE_KEPT = 10_000
const MAX_DEPTH = 20
/** Answers that are kept: the ids that messages name may be anything. */
const MAX_KEPT = 1000

/** Who knows schemas. */
export interface RegistryClient {
  /** Rejects with a DomainError: `not_found` when there is no such schema, `unreachable` when nobody can be asked. */
  find(key: SchemaKey): Promise<RegisteredSchema>
}

/** Schemas over Confluent's HTTP API, and Apicurio's own. An id never changes its meaning, so that answers are kept. */
export class SchemaRegistry implements RegistryClient {
  readonly #confluent: AskRegistry
  /** null: the address is not one of Apicurio. */
  readonly #apicurio: AskRegistry | null
  readonly #schemas = new Map<string, { schema: Promise<RegisteredSchema>; until: number }>()

  constructor(access: SchemaRegistryAccess, timeoutMs = TIMEOUT_MS) {
    this.#confluent = askRegistry(access, access.url, timeoutMs)
    const [, root] = /^(.*)\/apis\/ccompat\/v\d+\/*$/.exec(access.url) ?? []
    this.#apicurio = root === undefined ? null : askRegistry(access, `${root}/apis/registry/v2`, timeoutMs)
  }

  find(key: SchemaKey): Promise<RegisteredSchema> {
    const name = JSON.stringify(key)
    const known = this.#schemas.get(name)
    if (known && known.until > Date.now()) return known.schema
    const entry = { schema: this.#load(key), until: Number.POSITIVE_INFINITY }
    entry.schema.catch(() => {
      entry.until = Date.now() + FAILURE_KEPT
    })
    this.#schemas.delete(name)
    this.#schemas.set(name, entry)
    const [oldest] = this.#schemas.keys()
    if (this.#schemas.size > MAX_KEPT && oldest !== undefined) this.#schemas.delete(oldest)
    return entry.schema
  }

  async #load(key: SchemaKey): Promise<RegisteredSchema> {
    if (key.kind === "id") return loadConfluent(this.#confluent, `/schemas/ids/${key.id}`, String(key.id))
    if (key.kind === "guid") return loadConfluent(this.#confluent, `/schemas/guids/${key.guid}`, key.guid)
    if (this.#apicurio) return loadApicurio(this.#apicurio, key)
    const missing = "The schema registry of this cluster is not known to be Apicurio: its address must end in"
    throw new DomainError("unsupported", `${missing} /apis/ccompat/v7.`)
  }
}

async function loadConfluent(ask: AskRegistry, path: string, id: string): Promise<RegisteredSchema> {
  const found = await answerTo(ask, path, `schema ${id}`)
  const references: RegisteredSchema["references"] = []
  await refer(ask, found, { into: references, depth: 0 })
  return { id, type: found.schemaType, text: found.schema, references }
}

async function refer(
  ask: AskRegistry,
  of: Answer,
  { into, depth }: { into: RegisteredSchema["references"]; depth: number },
): Promise<void> {
  if (depth > MAX_DEPTH) throw new DomainError("unsupported", "The schema's references go in a circle.")
  for (const { name, subject, version } of of.references) {
    if (into.some((one) => one.name === name)) continue
    const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`
    const found = await answerTo(ask, path, `the schema ${name}`)
    await refer(ask, found, { into, depth: depth + 1 })
    into.push({ name, text: found.schema })
  }
}

async function answerTo(ask: AskRegistry, path: string, what: string): Promise<Answer> {
  const { body } = await ask(path, what)
  const parsed = answer.safeParse(tryParse(body))
  if (!parsed.success)
    throw new DomainError("unsupported", `The schema registry's answer for ${what} cannot be read.`)
  return parsed.data
}

const types = z.enum(["AVRO", "PROTOBUF", "JSON"])
const artifacts = z.array(
  z.object({
    groupId: z.string().nullish(),
    artifactId: z.string(),
    version: z.string().nullish(),
    name: z.string(),
  }),
)

/** By Apicurio's core API, version 2: only it tells global ids from ids of contents. */
async function loadApicurio(
  ask: AskRegistry,
  { of, id }: Extract<SchemaKey, { kind: "apicurio" }>,
): Promise<RegisteredSchema> {
  const path = `/ids/${of}s/${id}`
  const what = `${of} ${id}`
  const { body, headers } = await ask(path, what)
  const type = types.safeParse(String(headers["x-registry-artifacttype"] ?? "").toUpperCase())
  const references: RegisteredSchema["references"] = []
  const listed = artifacts.safeParse(
    tryParse((await ask(`${path}/references`, `references of ${what}`)).body),
  )
  for (const { groupId, artifactId, version, name } of listed.success ? listed.data : []) {
    const artifact = `/groups/${encodeURIComponent(groupId ?? "default")}/artifacts/${encodeURIComponent(artifactId)}`
    const text = await ask(version ? `${artifact}/versions/${version}` : artifact, `the schema ${name}`)
    references.push({ name, text: text.body })
  }
  return { id, type: type.success ? type.data : typeByLooks(body), text: body, references }
}

/** Where the registry does not say: Protobuf is not JSON, and JSON Schemas have words that Avro has not. */
function typeByLooks(text: string): RegisteredSchema["type"] {
  const parsed = tryParse(text)
  if (parsed === null) return "PROTOBUF"
  const words = ["$schema", "$id", "properties", "$ref", "allOf", "oneOf", "anyOf"]
  return typeof parsed === "object" && words.some((word) => word in parsed) ? "JSON" : "AVRO"
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const clients = new WeakMap<SchemaRegistryAccess, SchemaRegistry>()

/** The one client of this access, so that all who decode share what is known. */
export function registryFor(access: SchemaRegistryAccess): SchemaRegistry {
  const existing = clients.get(access)
  if (existing) return existing
  const made = new SchemaRegistry(access)
  clients.set(access, made)
  return made
}
