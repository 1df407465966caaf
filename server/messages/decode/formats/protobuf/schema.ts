import protobuf from "protobufjs"
import type { RegisteredSchema } from "../../registry.ts"
import { COMMON_FILES } from "./common-files.ts"

/** The message types of a .proto file and of those it imports. */
export interface ProtoTypes {
  root: protobuf.Root
  /** The type at a path of indexes, each among the message types of its file or message. Throws a RangeError. */
  at(path: readonly number[]): protobuf.Type
  /** The type of the file that has this name, with or without its package and what it is nested in; null: none. */
  named(name: string): protobuf.Type | null
}

/** Reads a .proto file and those it refers to or imports. Throws when one of them cannot be read. */
export function parseSchema(schema: RegisteredSchema): ProtoTypes {
  const alone = new protobuf.Root()
  const own = protobuf.parse(schema.text, alone, { keepCase: true })
  const space = own.package ? alone.lookup(own.package) : alone
  const files = new Files(schema.references)
  files.add(schema.text, own.imports ?? [])
  files.root.resolveAll()
  return {
    root: files.root,
    at: (path) => files.root.lookupType(nameAt(space, path)),
    named: (name) => typeNamed(space, name, files.root),
  }
}

/** Files by the name under which they are imported, each added once, after those that it imports itself. */
class Files {
  readonly root = new protobuf.Root()
  readonly #given: Map<string, string>
  readonly #added = new Set<string>()

  constructor(references: RegisteredSchema["references"]) {
    this.#given = new Map(references.map(({ name, text }) => [name, text]))
  }

  add(text: string, imports: readonly string[]): void {
    this.#added.add(text)
    for (const name of imports) this.#import(name)
    // What a registry names as a reference counts as imported, under whatever name.
    for (const name of this.#given.keys()) this.#import(name)
    protobuf.parse(text, this.root, { keepCase: true })
  }

  /** What nobody has may not be needed: where it is, resolving names it. */
  #import(name: string): void {
    const text = this.#given.get(name) ?? COMMON_FILES[name]
    if (text === undefined || this.#added.has(text)) return
    this.#added.add(text)
    for (const one of importsOf(text)) this.#import(one)
    protobuf.parse(text, this.root, { keepCase: true })
  }
}

/** Whose types an Any may hold without that its schema imports them. */
const EVERYBODYS = ["any", "duration", "empty", "field_mask", "struct", "timestamp", "wrappers"]
let everybodys: protobuf.Root | null = null

/** A type of the files that everybody has; null: none of them has it. */
export function commonType(name: string): protobuf.Type | null {
  if (!everybodys) {
    everybodys = new protobuf.Root()
    for (const file of EVERYBODYS)
      protobuf.parse(COMMON_FILES[`google/protobuf/${file}.proto`] ?? "", everybodys, { keepCase: true })
    everybodys.resolveAll()
  }
  const type = everybodys.lookup(name, protobuf.Type)
  return type instanceof protobuf.Type ? type : null
}

function importsOf(text: string): string[] {
  const { imports, weakImports } = protobuf.parse(text, new protobuf.Root(), { keepCase: true })
  return [...(imports ?? []), ...(weakImports ?? [])]
}

function nameAt(space: protobuf.ReflectionObject | null, path: readonly number[]): string {
  let at = space
  for (const index of path) {
    const inside = at instanceof protobuf.Namespace ? at.nestedArray : []
    at = inside.filter((one) => one instanceof protobuf.Type)[index] ?? null
  }
  if (!at) throw new RangeError(`the schema has no message type at ${path.join(".")}`)
  return at.fullName
}

function typeNamed(
  space: protobuf.ReflectionObject | null,
  name: string,
  root: protobuf.Root,
): protobuf.Type | null {
  const inside = space instanceof protobuf.Namespace ? space.nestedArray : []
  for (const one of inside) {
    const full = one.fullName.slice(1)
    if (one instanceof protobuf.Type && (full === name || full.endsWith(`.${name}`) || one.name === name))
      return root.lookupType(one.fullName)
    const nested = typeNamed(one, name, root)
    if (nested) return nested
  }
  return null
}
