import type { Content } from "../format.ts"
import { fromTree } from "../format.ts"
import type { RegisteredSchema } from "../registry.ts"
import { readAvro } from "./avro/read.ts"
import { compileSchema, type Names } from "./avro/schema.ts"

/** A decoder of one Avro schema and those it refers to. Throws when a schema cannot be read. */
export function avroDecoder(schema: RegisteredSchema): (payload: Buffer) => Content {
  const names: Names = new Map()
  for (const referred of schema.references) compileSchema(asJson(referred.text), names)
  const type = compileSchema(asJson(schema.text), names)
  return (payload) => fromTree(readAvro(payload, type))
}

/** A schema of one word may stand there without quotes: `string`. */
function asJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (/^\s*[a-z]+\s*$/.test(text)) return text.trim()
    throw error
  }
}
