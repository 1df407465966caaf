import type { Message } from "#server/brokers/broker.ts"
import { uuidText } from "./formats/avro/logical.ts"

export type PartName = "key" | "value"

/** By what a registry is asked for a schema. Ids of Apicurio count on their own: over all groups, or over contents. */
export type SchemaKey =
  | { kind: "id"; id: number }
  | { kind: "guid"; guid: string }
  | { kind: "apicurio"; of: "globalId" | "contentId"; id: string }

/** What the bytes or headers of a message say of its schema. */
export interface SchemaRef {
  /** null: it is of a registry that Signalbox cannot ask. */
  key: SchemaKey | null
  /** What was found, and where, in words: "schema 7, named in its first 5 bytes". */
  words: string
  /** A header says so on purpose; first bytes only look like it. */
  certain: boolean
  /** Bytes before the payload. */
  payloadAt: number
  /** Which Protobuf message it is. */
  message: MessageRef
  /** A header says that the payload is JSON, whatever the schema is. */
  json: boolean
}

/**
 * How the type of a Protobuf message is told. Confluent: by a path of indexes, before the message or in the header.
 * Apicurio: by its name, in a header or before the message; null: before it, or it is the first of its file.
 */
export type MessageRef = { by: "confluent"; indexes: Buffer | null } | { by: "apicurio"; name: string | null }

/** A key or value as it arrived, with what stands beside it. */
export interface Given {
  bytes: Buffer
  part: PartName
  headers: Message["headers"]
}

/**
 * The schema that a message names, by evidence alone. Headers come first, since who writes them says what is meant; then
 * first bytes that serialisers write. null: nothing names one.
 */
export function schemaRefOf(given: Given): SchemaRef | null {
  return (
    ofConfluentHeader(given) ?? ofApicurioHeader(given) ?? ofAzureHeader(given) ?? ofFirstBytes(given.bytes)
  )
}

function header({ headers }: Given, name: string): Buffer | null {
  return headers.findLast(({ key }) => key === name)?.value ?? null
}

const BY_PATH: MessageRef = { by: "confluent", indexes: null }
const BARE = { payloadAt: 0, message: BY_PATH, json: false }

/*
  Confluent's header __key_schema_id, __value_schema_id => version:int8 schema [index]
    version 0: schema is an id:int32; version 1: a GUID of 16 bytes; [index]: of Protobuf, as in the payload
*/
function ofConfluentHeader(given: Given): SchemaRef | null {
  const name = `__${given.part}_schema_id`
  const value = header(given, name)
  if (!value) return null
  const long = value[0] === 1
  const end = long ? 17 : 5
  const where = `named in the header ${name}`
  if ((value[0] ?? 2) > 1 || value.length < end) {
    const words = `the header ${name}, which is neither an id nor a GUID`
    return { ...BARE, key: null, words, certain: true }
  }
  const message: MessageRef = { by: "confluent", indexes: value.length > end ? value.subarray(end) : null }
  if (long) {
    const guid = uuidText(value.subarray(1, 17))
    return { ...BARE, key: { kind: "guid", guid }, words: `schema ${guid}, ${where}`, certain: true, message }
  }
  const id = value.readInt32BE(1)
  return { ...BARE, key: { kind: "id", id }, words: `schema ${id}, ${where}`, certain: true, message }
}

/*
  Apicurio's headers => apicurio.value.globalId, apicurio.value.contentId: 8 bytes each (of keys: apicurio.key.…)
    apicurio.value.encoding: BINARY or JSON; apicurio.protobuf.type (of keys: apicurio.protobuf.type.key): a name
*/
function ofApicurioHeader(given: Given): SchemaRef | null {
  for (const kind of ["globalId", "contentId"] as const) {
    const name = `apicurio.${given.part}.${kind}`
    const value = header(given, name)
    if (value?.length !== 8) continue
    const id = value.readBigInt64BE().toString()
    const json = header(given, `apicurio.${given.part}.encoding`)?.toString() === "JSON"
    const words = `${kind} ${id} of Apicurio, named in the header ${name}`
    const key = { kind: "apicurio" as const, of: kind, id }
    return {
      ...BARE,
      key,
      words,
      certain: true,
      json,
      message: { by: "apicurio", name: protobufType(given) },
    }
  }
  const artifact = header(given, `apicurio.${given.part}.artifactId`)
  if (!artifact) return null
  const words = `the artifact ${artifact} of Apicurio, named in a header without an id of its content`
  return { ...BARE, key: null, words, certain: true }
}

function protobufType(given: Given): string | null {
  const name = given.part === "key" ? "apicurio.protobuf.type.key" : "apicurio.protobuf.type"
  return header(given, name)?.toString("utf8") || null
}

/** Azure Schema Registry: the header content-type is `avro/binary+` and 32 hex digits. */
function ofAzureHeader(given: Given): SchemaRef | null {
  if (given.part === "key") return null
  const value = header(given, "content-type") ?? header(given, "contentType")
  const [, id] = /^"?avro\/binary\+([0-9a-f]{32})"?$/i.exec(value?.toString("latin1") ?? "") ?? []
  if (id === undefined) return null
  const words = `schema ${id} of Azure Schema Registry, named in the header content-type`
  return { ...BARE, key: null, words, certain: true }
}

/*
  Confluent => magic:int8 (0) id:int32 payload              Apicurio => magic:int8 (0) id:int64 payload
  AWS Glue => version:int8 (3) compression:int8 (0 none, 5 zlib) schema version:16 bytes payload
*/
function ofFirstBytes(bytes: Buffer): SchemaRef | null {
  if (
    bytes[0] === 3 &&
    (bytes[1] === 0 || bytes[1] === 5) &&
    bytes.length > 18 &&
    isUuid(bytes.subarray(2, 18))
  ) {
    const words = `version ${uuidText(bytes.subarray(2, 18))} of a schema of AWS Glue, named in its first 18 bytes`
    return { ...BARE, key: null, words, certain: false, payloadAt: 18 }
  }
  if (bytes[0] !== 0 || bytes.length < 5) return null
  const id = bytes.readInt32BE(1)
  if (id !== 0 || bytes.length < 10 || bytes.readInt32BE(5) <= 0) {
    const words = `schema ${id}, named in its first 5 bytes`
    return { ...BARE, key: { kind: "id", id }, words, certain: false, payloadAt: 5 }
  }
  const long = bytes.readBigInt64BE(1).toString()
  const words = `globalId ${long} of Apicurio, named in its first 9 bytes`
  const key = { kind: "apicurio" as const, of: "globalId" as const, id: long }
  return { ...BARE, key, words, certain: false, payloadAt: 9, message: { by: "apicurio", name: null } }
}

/** Random or hashed by its version and variant, as those of Glue are. */
function isUuid(bytes: Buffer): boolean {
  const version = (bytes[6] ?? 0) >> 4
  return version >= 1 && version <= 8 && (bytes[8] ?? 0) >> 6 === 2
}
