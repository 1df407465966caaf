import protobuf from "protobufjs"
import { printTree } from "../../../json.ts"
import { ObjectTree, type Tree } from "../../../tree.ts"
import { Budget } from "../../budget.ts"
import { enumScalar, NULL_VALUE, SCALARS } from "./scalar.ts"
import { commonType } from "./schema.ts"
import { wellKnown } from "./well-known.ts"
import { WIRE, WireCursor } from "./wire.ts"

export interface Reading {
  root: protobuf.Root
  budget: Budget
}

/** A message as JSON of Protobuf (protobuf.dev, "ProtoJSON Format") has it, names of fields as in the .proto file. */
export function readProtobuf(payload: Buffer, type: protobuf.Type, root: protobuf.Root): Tree {
  return readMessage(payload, type, { root, budget: new Budget() })
}

/** What was read of one message: values of its fields, and the bytes of messages in it, which merge by concatenation. */
interface Found {
  values: Map<protobuf.Field, Tree[]>
  messages: Map<protobuf.Field, Buffer[]>
  pairs: Map<protobuf.MapField, Map<string, Tree>>
}

function readMessage(payload: Buffer, type: protobuf.Type, reading: Reading): Tree {
  reading.budget.enter()
  const fields = readFields(payload, type, reading)
  const known = wellKnown(type, fields, (name, bytes) => anyOf(name, bytes, reading))
  reading.budget.leave()
  return known === undefined ? new ObjectTree(fields) : known
}

/** The type that an Any names, where the schema has it or everybody does. */
function anyOf(name: string, payload: Buffer, reading: Reading): Tree | undefined {
  const type = reading.root.lookup(name, protobuf.Type) ?? commonType(name)
  return type instanceof protobuf.Type ? readMessage(payload, type, reading) : undefined
}

function readFields(payload: Buffer, type: protobuf.Type, reading: Reading): [string, Tree][] {
  const cursor = new WireCursor(payload)
  const found: Found = { values: new Map(), messages: new Map(), pairs: new Map() }
  while (cursor.left > 0) {
    const tag = cursor.tag()
    const field = type.fieldsById[tag.number]
    reading.budget.take()
    if (!field || !readField(cursor, field, { tag, found, reading })) cursor.skip(tag)
  }
  const entries: [string, Tree][] = []
  for (const field of type.fieldsArray) {
    const value = fieldValue(field, found, reading)
    if (value !== undefined) entries.push([nameOf(field), value])
  }
  return entries
}

/** JSON of Protobuf names a group by its type in lower case, and an extension by its full name in brackets. */
function nameOf({ name, resolvedType }: protobuf.Field): string {
  if (name.startsWith(".")) return `[${name.slice(1)}]`
  return resolvedType instanceof protobuf.Type && "group" in resolvedType && resolvedType.group === true
    ? name.toLowerCase()
    : name
}

interface At {
  tag: { number: number; type: number }
  found: Found
  reading: Reading
}

/** Whether the field could be read as what it is; what has another wire type is skipped as an unknown field is. */
function readField(cursor: WireCursor, field: protobuf.Field, { tag, found, reading }: At): boolean {
  const inner = field.resolvedType
  if (field instanceof protobuf.MapField) {
    if (tag.type !== WIRE.BYTES) return false
    readPair(cursor.sized(), field, { found, reading })
    return true
  }
  if (inner instanceof protobuf.Type) {
    if (tag.type !== WIRE.BYTES && tag.type !== WIRE.GROUP) return false
    const bytes = tag.type === WIRE.BYTES ? cursor.sized() : cursor.group(tag.number)
    if (field.repeated) listOf(found.values, field).push(readMessage(bytes, inner, reading))
    else listOf(found.messages, field).push(bytes)
    clearOthers(field, found)
    return true
  }
  return readScalars(cursor, field, { tag, found, reading })
}

function readScalars(cursor: WireCursor, field: protobuf.Field, { tag, found, reading }: At): boolean {
  const scalar = scalarOf(field.type, field.resolvedType)
  if (tag.type === scalar.wire) {
    const value = scalar.read(cursor)
    if (field.repeated) listOf(found.values, field).push(value)
    else found.values.set(field, [value])
    clearOthers(field, found)
    return true
  }
  if (!field.repeated || tag.type !== WIRE.BYTES) return false
  const packed = new WireCursor(cursor.sized())
  const list = listOf(found.values, field)
  while (packed.left > 0) {
    reading.budget.take()
    list.push(scalar.read(packed))
  }
  return true
}

function readPair(bytes: Buffer, field: protobuf.MapField, { found, reading }: Omit<At, "tag">): void {
  const cursor = new WireCursor(bytes)
  const keys = scalarOf(field.keyType, null)
  let key = keys.zero
  const values: Buffer[] = []
  let value: Tree | undefined
  const inner = field.resolvedType
  while (cursor.left > 0) {
    const tag = cursor.tag()
    reading.budget.take()
    if (tag.number === 1 && tag.type === keys.wire) key = keys.read(cursor)
    else if (tag.number === 2 && inner instanceof protobuf.Type && tag.type === WIRE.BYTES)
      values.push(cursor.sized())
    else if (tag.number === 2 && !(inner instanceof protobuf.Type)) {
      const scalar = scalarOf(field.type, inner)
      if (tag.type === scalar.wire) value = scalar.read(cursor)
      else cursor.skip(tag)
    } else cursor.skip(tag)
  }
  const pairs = found.pairs.get(field) ?? new Map<string, Tree>()
  found.pairs.set(field, pairs)
  const read =
    inner instanceof protobuf.Type
      ? readMessage(Buffer.concat(values), inner, reading)
      : (value ?? scalarOf(field.type, inner).zero)
  pairs.set(typeof key === "string" ? key : printTree(key, 0), read)
}

/** Of the fields of a oneof only the last is kept. */
function clearOthers(field: protobuf.Field, found: Found): void {
  for (const other of field.partOf?.fieldsArray ?? [])
    if (other !== field) {
      found.values.delete(other)
      found.messages.delete(other)
    }
}

/** Absent where the field has presence and was not set; else its default. */
function fieldValue(field: protobuf.Field, found: Found, reading: Reading): Tree | undefined {
  reading.budget.take()
  if (field instanceof protobuf.MapField) return new ObjectTree([...(found.pairs.get(field) ?? [])])
  if (field.repeated) return found.values.get(field) ?? []
  const inner = field.resolvedType
  if (inner instanceof protobuf.Type) {
    const bytes = found.messages.get(field)
    return (
      bytes && readMessage(bytes.length === 1 && bytes[0] ? bytes[0] : Buffer.concat(bytes), inner, reading)
    )
  }
  const [value] = found.values.get(field) ?? []
  if (value !== undefined) return value
  return field.hasPresence ? undefined : scalarOf(field.type, inner).zero
}

function scalarOf(type: string, resolved: protobuf.ReflectionObject | null) {
  if (resolved?.fullName === ".google.protobuf.NullValue") return NULL_VALUE
  if (resolved instanceof protobuf.Enum)
    return enumScalar(resolved.valuesById, Object.values(resolved.values)[0] ?? 0)
  const scalar = SCALARS.get(type)
  if (!scalar) throw new SyntaxError(`the schema has no type ${type}`)
  return scalar
}

function listOf<Key, Item>(map: Map<Key, Item[]>, key: Key): Item[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}
