import { messageOf } from "#server/errors.ts"
import { LimitError } from "./budget.ts"
import type { Content, Format } from "./format.ts"
import { avroDecoder } from "./formats/avro.ts"
import { json } from "./formats/json.ts"
import { protobufDecoder } from "./formats/protobuf.ts"
import type { RegisteredSchema } from "./registry.ts"
import type { MessageRef, SchemaRef } from "./wire.ts"

export const FORMAT_OF = {
  AVRO: "avro",
  PROTOBUF: "protobuf",
  JSON: "json-schema",
} as const satisfies Record<RegisteredSchema["type"], Format>

type SchemaDecoder = (payload: Buffer, message: MessageRef) => Content

const decoders = new WeakMap<RegisteredSchema, SchemaDecoder>()

/** Decodes by a schema. Throws an Error that says in a sentence what does not fit, or a LimitError. */
export function decodeRegistered(bytes: Buffer, ref: SchemaRef, schema: RegisteredSchema): Content {
  try {
    const payload = bytes.subarray(ref.payloadAt)
    if (ref.json) return json(payload)
    const decode = decoders.get(schema) ?? compiled(schema)
    decoders.set(schema, decode)
    return decode(payload, ref.message)
  } catch (error) {
    if (error instanceof LimitError) throw error
    const message = `It does not fit schema ${schema.id} (${schema.type}): ${messageOf(error)}.`
    throw new Error(message, { cause: error })
  }
}

/** A schema that cannot be read is not tried again for every message. */
function compiled(schema: RegisteredSchema): SchemaDecoder {
  try {
    return decoderOf(schema)
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** A value is JSON with or without its JSON Schema: whether it fits is asked apart, see fit-check.ts. */
function decoderOf(schema: RegisteredSchema): SchemaDecoder {
  switch (schema.type) {
    case "AVRO":
      return avroDecoder(schema)
    case "PROTOBUF":
      return protobufDecoder(schema)
    case "JSON":
      return json
  }
}
