import { z } from "zod"
import { type Logical, logicalInteger } from "./logical.ts"

/** The types of an Avro schema, its names resolved. Only what reading binary data needs: no defaults, aliases, order. */
export type AvroType =
  | { kind: Primitive; logical: Logical | null }
  | { kind: "fixed"; name: string; size: number; logical: Logical | null }
  | { kind: "enum"; name: string; symbols: string[] }
  | { kind: "array"; items: AvroType }
  | { kind: "map"; values: AvroType }
  | { kind: "union"; branches: Branch[] }
  | RecordType

/** Its fields are filled in after it is known by name, since they may refer to it. */
export interface RecordType {
  kind: "record"
  name: string
  fields: { name: string; type: AvroType }[]
}

export interface Branch {
  type: AvroType
  /** Its value is wrapped in this name, as in Avro's JSON encoding, where the value alone would not say which it is. */
  label: string | null
}

const PRIMITIVES = ["null", "boolean", "int", "long", "float", "double", "bytes", "string"] as const
export type Primitive = (typeof PRIMITIVES)[number]

const json = z.record(z.string(), z.unknown())
const name = z.string().min(1)
const fieldsOf = z.array(z.looseObject({ name, type: z.unknown() }))
/** A fixed of this many bytes is more than a message can hold. */
const MAX_FIXED = 1 << 30

/** Types by their full name. */
export type Names = Map<string, AvroType>

/**
 * Compiles one schema. What Java's writers accept is accepted: defaults, aliases and the spelling of names are not
 * looked at, since no reader's schema is. Named types are added to `names`. Throws a SyntaxError.
 */
export function compileSchema(schema: unknown, names: Names, space = ""): AvroType {
  if (typeof schema === "string") return named(schema, names, space)
  if (Array.isArray(schema)) return union(schema.map((one) => compileSchema(one, names, space)))
  const given = json.safeParse(schema)
  if (!given.success) throw new SyntaxError(`"${JSON.stringify(schema)}" is not an Avro type`)
  return complex(given.data, names, space)
}

type Given = Record<string, unknown>

function complex(given: Given, names: Names, space: string): AvroType {
  const { type } = given
  switch (type) {
    case "record":
    case "error":
      return record(given, names, space)
    case "enum": {
      const symbols = z.array(z.string()).parse(given.symbols)
      return define(names, { kind: "enum", name: fullName(given, space), symbols })
    }
    case "fixed": {
      const size = z.number().int().min(0).max(MAX_FIXED).parse(given.size)
      return define(names, { kind: "fixed", name: fullName(given, space), size, logical: logicalOf(given) })
    }
    case "array":
      return { kind: "array", items: compileSchema(given.items, names, space) }
    case "map":
      return { kind: "map", values: compileSchema(given.values, names, space) }
    default: {
      const inner = compileSchema(type, names, space)
      return isPrimitive(inner) ? { ...inner, logical: logicalOf(given) ?? inner.logical } : inner
    }
  }
}

function isPrimitive(type: AvroType): type is { kind: Primitive; logical: Logical | null } {
  return PRIMITIVES.some((one) => one === type.kind)
}

function record(given: Given, names: Names, space: string): RecordType {
  const full = fullName(given, space)
  const own: RecordType = { kind: "record", name: full, fields: [] }
  names.set(full, own)
  const inside = full.includes(".") ? full.slice(0, full.lastIndexOf(".")) : ""
  for (const field of fieldsOf.parse(given.fields))
    own.fields.push({ name: field.name, type: compileSchema(field.type, names, inside) })
  return own
}

function union(types: AvroType[]): AvroType {
  const looks = types.map(looksOf)
  const branches = types.map((type, at) => {
    const unlike = looks.filter((one) => one === looks[at]).length === 1
    return { type, label: unlike ? null : "name" in type ? type.name : type.kind }
  })
  return { kind: "union", branches }
}

/** What a value looks like in JSON: two branches that look alike cannot be told apart. */
function looksOf(type: AvroType): string {
  switch (type.kind) {
    case "null":
    case "boolean":
    case "union":
      return type.kind
    case "int":
    case "long":
      return type.logical && logicalInteger(0n, type.logical) !== null ? "text" : "number"
    case "float":
    case "double":
      return "number"
    case "array":
      return "list"
    case "record":
    case "map":
      return "object"
    case "bytes":
    case "fixed":
      return type.logical ? "text" : "object"
    case "string":
    case "enum":
      return "text"
  }
}

function define<Type extends AvroType & { name: string }>(names: Names, type: Type): Type {
  names.set(type.name, type)
  return type
}

function named(wanted: string, names: Names, space: string): AvroType {
  const primitive = PRIMITIVES.find((one) => one === wanted)
  if (primitive) return { kind: primitive, logical: null }
  const found =
    names.get(wanted.includes(".") || space === "" ? wanted : `${space}.${wanted}`) ?? names.get(wanted)
  if (!found) throw new SyntaxError(`it names a type "${wanted}" that is defined nowhere`)
  return found
}

function fullName(given: Given, space: string): string {
  const own = name.parse(given.name)
  if (own.includes(".")) return own
  const within = typeof given.namespace === "string" ? given.namespace : space
  return within === "" ? own : `${within}.${own}`
}

function logicalOf(given: Given): Logical | null {
  if (typeof given.logicalType !== "string") return null
  return { name: given.logicalType, scale: typeof given.scale === "number" ? given.scale : 0 }
}
