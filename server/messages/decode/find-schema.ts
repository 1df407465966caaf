import { messageOf } from "#server/errors.ts"
import type { Format } from "./format.ts"
import type { RegisteredSchema, RegistryClient } from "./registry.ts"
import { type Given, type SchemaRef, schemaRefOf } from "./wire.ts"

/** The schema of one key or value, or why there is none. */
export interface FoundSchema {
  ref: SchemaRef
  schema: RegisteredSchema | null
  /** What is missing, in a sentence; null with a schema. */
  why: string | null
  /** A registry was asked for it. */
  asked: boolean
}

const BY_SCHEMA: readonly Format[] = ["auto", "avro", "protobuf", "json-schema"]

/**
 * Asks the registry for the schema that a message names, where the format wants one. Never rejects; null: nothing names
 * a schema.
 */
export async function findSchema(
  given: Given,
  format: Format,
  registry: RegistryClient | null,
): Promise<FoundSchema | null> {
  if (!BY_SCHEMA.includes(format)) return null
  const ref = schemaRefOf(given)
  if (!ref) return null
  const none = { ref, schema: null, asked: false }
  if (!ref.key) return { ...none, why: `It names ${ref.words}: Signalbox cannot ask for it.` }
  if (!registry)
    return {
      ...none,
      why: `It seems to name ${ref.words}: set the schema registry in the cluster's connection.`,
    }
  try {
    return { ref, schema: await registry.find(ref.key), why: null, asked: true }
  } catch (error) {
    return { ...none, why: `It names ${ref.words}. ${messageOf(error)}`, asked: true }
  }
}

/** A schema is named, but what stands there was read by none: it only looks like what it was read as. */
export function isUnread(found: FoundSchema | null, readBy: { id: string } | null): boolean {
  return found !== null && readBy === null
}
