import { DomainError, isDomainError, messageOf } from "#server/errors.ts"
import type { Content, Format } from "./format.ts"
import { avroDecoder } from "./formats/avro.ts"
import { json } from "./formats/json.ts"
import { protobufDecoder } from "./formats/protobuf.ts"
import type { RegisteredSchema, RegistryClient } from "./registry.ts"

/*
  Confluent's wire format => magic:int8 (0) schemaId:int32 payload
*/
const HEAD = 5

export interface ByRegistry {
  content: Content
  format: Format
  schema: { id: number; type: string }
}

/** The schema id that the bytes name, if they may be in Confluent's wire format. */
export function schemaIdOf(bytes: Buffer): number | null {
  return bytes.length >= HEAD && bytes[0] === 0 ? bytes.readInt32BE(1) : null
}

/** What follows the schema id. */
export function payloadOf(bytes: Buffer): Buffer {
  return bytes.subarray(HEAD)
}

const FORMAT_OF = { AVRO: "avro", PROTOBUF: "protobuf", JSON: "json-schema" } as const

const decoders = new WeakMap<RegisteredSchema, (payload: Buffer) => Content>()

/** Decodes by the schema that the bytes name. Rejects with a DomainError that says what is missing or wrong. */
export async function decodeRegistered(bytes: Buffer, registry: RegistryClient): Promise<ByRegistry> {
  const id = schemaIdOf(bytes)
  if (id === null) throw new DomainError("bad_input", "It does not begin with the id of a schema.")
  const schema = await registry.schema(id)
  try {
    let decode = decoders.get(schema)
    if (!decode) {
      decode = decoderOf(schema)
      decoders.set(schema, decode)
    }
    const content = decode(payloadOf(bytes))
    return { content, format: FORMAT_OF[schema.type], schema: { id, type: schema.type } }
  } catch (error) {
    if (isDomainError(error)) throw error
    throw new DomainError("bad_input", `It does not fit schema ${id} (${schema.type}): ${messageOf(error)}.`)
  }
}

/** A value is JSON with or without its JSON Schema: whether it fits is asked apart, see fit.ts. */
function decoderOf(schema: RegisteredSchema): (payload: Buffer) => Content {
  switch (schema.type) {
    case "AVRO":
      return avroDecoder(schema)
    case "PROTOBUF":
      return protobufDecoder(schema)
    case "JSON":
      return json
  }
}
