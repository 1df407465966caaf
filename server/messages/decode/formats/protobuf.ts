import { type Content, fromTree } from "../format.ts"
import type { RegisteredSchema } from "../registry.ts"
import type { MessageRef } from "../wire.ts"
import { readProtobuf } from "./protobuf/read.ts"
import { parseSchema } from "./protobuf/schema.ts"
import { WIRE, WireCursor } from "./protobuf/wire.ts"
import { utf8 } from "./text.ts"

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

/*
  Apicurio's Protobuf payload without a header => [size:varint name] message
    name => a message whose field 1 is the name of the type
*/
function readName(payload: Buffer): { name: string; end: number } | null {
  try {
    const cursor = new WireCursor(payload)
    const ref = new WireCursor(cursor.sized())
    const tag = ref.tag()
    if (tag.number !== 1 || tag.type !== WIRE.BYTES) return null
    const name = utf8(ref.sized())
    return ref.left === 0 ? { name, end: cursor.at } : null
  } catch {
    return null
  }
}

/**
 * A decoder of one .proto file and those it imports; the reference tells which of its types a message is. Throws when a
 * file cannot be read.
 */
export function protobufDecoder(schema: RegisteredSchema): (payload: Buffer, ref: MessageRef) => Content {
  const types = parseSchema(schema)
  const typeOf = (payload: Buffer, ref: MessageRef) => {
    if (ref.by === "confluent") {
      const cursor = new WireCursor(payload)
      const path = readIndexes(ref.indexes ? new WireCursor(ref.indexes) : cursor)
      return { type: types.at(path), from: cursor.at }
    }
    const told = ref.name === null ? readName(payload) : { name: ref.name, end: 0 }
    const type = told && types.named(told.name)
    return type ? { type, from: told.end } : { type: types.at([0]), from: 0 }
  }
  return (payload, ref) => {
    const { type, from } = typeOf(payload, ref)
    return fromTree(readProtobuf(payload.subarray(from), type, types.root))
  }
}
