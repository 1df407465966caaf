import { type Content, fromTree } from "../format.ts"
import type { RegisteredSchema } from "../registry.ts"
import { readProtobuf } from "./protobuf/read.ts"
import { parseSchema } from "./protobuf/schema.ts"
import { WireCursor } from "./protobuf/wire.ts"

/*
  Confluent's Protobuf payload => [index] message
    [index] => count:varint index:varint ...   zigzag; the path to the message type in the file; count 0 means [0]
*/
const MAX_PATH = 64

function readIndexes(cursor: WireCursor): number[] {
  const next = () => {
    const raw = cursor.varint()
    return Number((raw >> 1n) ^ -(raw & 1n))
  }
  const count = next()
  if (count === 0) return [0]
  if (count < 0 || count > MAX_PATH) throw new RangeError("it does not begin with the path to a message type")
  return Array.from({ length: count }, next)
}

/**
 * A decoder of one .proto file and those it imports. The path to the message type stands before the message or, where the
 * schema is named in a header, in `indexes` after it. Throws when a file cannot be read.
 */
export function protobufDecoder(
  schema: RegisteredSchema,
): (payload: Buffer, indexes: Buffer | null) => Content {
  const types = parseSchema(schema)
  return (payload, indexes) => {
    const cursor = new WireCursor(payload)
    const path = readIndexes(indexes ? new WireCursor(indexes) : cursor)
    return fromTree(readProtobuf(payload.subarray(cursor.at), types.at(path), types.root))
  }
}
