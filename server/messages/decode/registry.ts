import { request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import { z } from "zod"
import type { SchemaRegistryAccess } from "#server/brokers/broker.ts"
import { DomainError, messageOf } from "#server/errors.ts"

export interface RegisteredSchema {
  id: number
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
const LARGEST = 4 << 20
/** How long a failure is remembered: a registry that is away is not asked for every message, in ms. */
const FAILURE_KEPT = 10_000
const DEEPEST = 20

/** Who knows schemas by their id. */
export interface RegistryClient {
  schema(id: number): Promise<RegisteredSchema>
}

/** Schemas by id, over Confluent's HTTP API. An id never changes its meaning, so that answers are kept. */
export class SchemaRegistry implements RegistryClient {
  readonly #access: SchemaRegistryAccess
  readonly #timeoutMs: number
  readonly #schemas = new Map<number, { schema: Promise<RegisteredSchema>; until: number }>()

  constructor(access: SchemaRegistryAccess, timeoutMs = TIMEOUT_MS) {
    this.#access = access
    this.#timeoutMs = timeoutMs
  }

  /** Rejects with `not_found` when there is no such schema, with `unreachable` when nobody can be asked. */
  schema(id: number): Promise<RegisteredSchema> {
    const known = this.#schemas.get(id)
    if (known && known.until > Date.now()) return known.schema
    const entry = { schema: this.#load(id), until: Number.POSITIVE_INFINITY }
    entry.schema.catch(() => {
      entry.until = Date.now() + FAILURE_KEPT
    })
    this.#schemas.set(id, entry)
    return entry.schema
  }

  async #load(id: number): Promise<RegisteredSchema> {
    const found = await this.#get(`/schemas/ids/${id}`, `schema ${id}`)
    const references: RegisteredSchema["references"] = []
    await this.#refer(found, references, 0)
    return { id, type: found.schemaType, text: found.schema, references }
  }

  async #refer(of: Answer, into: RegisteredSchema["references"], depth: number): Promise<void> {
    if (depth > DEEPEST) throw new DomainError("unsupported", "The schema's references go in a circle.")
    for (const { name, subject, version } of of.references) {
      if (into.some((one) => one.name === name)) continue
      const path = `/subjects/${encodeURIComponent(subject)}/versions/${version}`
      const found = await this.#get(path, `the schema ${name}`)
      await this.#refer(found, into, depth + 1)
      into.push({ name, text: found.schema })
    }
  }

  async #get(path: string, what: string): Promise<Answer> {
    const got = await this.#fetch(path).catch((error: unknown) => {
      throw new DomainError("unreachable", `The schema registry could not be asked: ${messageOf(error)}.`)
    })
    if (got.status === 404) throw new DomainError("not_found", `The schema registry does not know ${what}.`)
    if (got.status === 401 || got.status === 403)
      throw new DomainError("refused_by_broker", "The schema registry refuses Signalbox's user.")
    if (got.status !== 200)
      throw new DomainError("unreachable", `The schema registry answered ${got.status} for ${what}.`)
    const parsed = answer.safeParse(tryParse(got.body))
    if (!parsed.success)
      throw new DomainError("unsupported", `The schema registry's answer for ${what} cannot be read.`)
    return parsed.data
  }

  #fetch(path: string): Promise<{ status: number; body: string }> {
    const { url, username, password, ca, verify } = this.#access
    const target = new URL(url.replace(/\/+$/, "") + path)
    const secure = target.protocol === "https:"
    const options = {
      headers: { accept: "application/vnd.schemaregistry.v1+json, application/json" },
      signal: AbortSignal.timeout(this.#timeoutMs),
      ...(username ? { auth: `${username}:${password ?? ""}` } : {}),
      ...(secure ? { rejectUnauthorized: verify, ...(ca ? { ca } : {}) } : {}),
    }
    return new Promise((resolve, reject) => {
      const asked = (secure ? httpsRequest : httpRequest)(target, options, (response) => {
        const chunks: Buffer[] = []
        let size = 0
        response.on("data", (chunk: Buffer) => {
          size += chunk.length
          if (size > LARGEST) asked.destroy(new Error("its answer is too large"))
          chunks.push(chunk)
        })
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
        )
        response.on("error", reject)
      })
      asked.on("error", reject)
      asked.end()
    })
  }
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
