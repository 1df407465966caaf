import protobuf from "protobufjs"
import type { Content } from "../format.ts"
import type { RegisteredSchema } from "../registry.ts"
import { fromTree } from "./json.ts"

/*
  Confluent's Protobuf payload => [index] message
    [index] => count:varint index:varint ...   zigzag; the path to the message type in the file; count 0 means [0]
*/
function readIndexes(payload: Buffer): { path: number[]; at: number } {
  const reader = protobuf.Reader.create(payload)
  const count = reader.sint32()
  if (count <= 0) return { path: [0], at: reader.pos }
  if (count > 64) throw new RangeError("no path to a message type")
  const path = Array.from({ length: count }, () => reader.sint32())
  return { path, at: reader.pos }
}

/** A decoder of one .proto file and those it imports. Throws when a file cannot be read. */
export function protobufDecoder(schema: RegisteredSchema): (payload: Buffer) => Content {
  const alone = new protobuf.Root()
  const own = protobuf.parse(schema.text, alone, { keepCase: true })
  const space = own.package ? alone.lookup(own.package) : alone
  const root = new protobuf.Root()
  for (const name of own.imports ?? []) addCommon(root, name)
  for (const referred of schema.references) protobuf.parse(referred.text, root, { keepCase: true })
  protobuf.parse(schema.text, root, { keepCase: true })
  return (payload) => {
    const { path, at } = readIndexes(payload)
    const type = root.lookupType(nameAt(space, path))
    const message = type.decode(payload.subarray(at))
    return fromTree(type.toObject(message, { longs: String, enums: String, bytes: String }))
  }
}

function addCommon(root: protobuf.Root, name: string): void {
  const common = protobuf.common.get(name)
  if (common?.nested) root.addJSON(common.nested)
}

function nameAt(space: protobuf.ReflectionObject | null, path: number[]): string {
  let at = space
  for (const index of path) {
    const inside = at instanceof protobuf.Namespace ? at.nestedArray : []
    at = inside.filter((one) => one instanceof protobuf.Type)[index] ?? null
  }
  if (!at) throw new RangeError(`the schema has no message type at ${path.join(".")}`)
  return at.fullName
}
