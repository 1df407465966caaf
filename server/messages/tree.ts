/**
 * A decoded value, whatever its format. It loses nothing: numbers keep their digits, objects the order of their fields
 * and fields of the same name. A `number` is one whose JSON text is `String(number)`; any other is a NumberText.
 */
export type Tree = null | boolean | string | number | NumberText | Bytes | ObjectTree | Tree[]

/** A number that is written otherwise than JavaScript would: `1.0`, `12.50`, `1e400`, 64-bit integers. */
export class NumberText {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Bytes inside a value. */
export class Bytes {
  readonly value: Uint8Array
  /** Shown as base64 alone, as JSON of Protobuf has it, not as `{"base64": …}`. */
  readonly bare: boolean

  constructor(value: Uint8Array, bare = false) {
    this.value = value
    this.bare = bare
  }

  get base64(): string {
    const { buffer, byteOffset, byteLength } = this.value
    return Buffer.from(buffer, byteOffset, byteLength).toString("base64")
  }
}

/** Fields in their order; names may occur more than once. */
export class ObjectTree {
  readonly entries: [name: string, value: Tree][]

  constructor(entries: [name: string, value: Tree][]) {
    this.entries = entries
  }

  /** The field as JSON readers take it: the last of its name. */
  get(name: string): Tree | undefined {
    return this.entries.findLast(([one]) => one === name)?.[1]
  }
}

/** A JavaScript number, or text that stands for it where JSON has no such number: NaN and the infinities. */
export function numberTree(value: number): Tree {
  if (Number.isFinite(value)) return Object.is(value, -0) ? new NumberText("-0") : value
  return String(value)
}

export function bigintTree(value: bigint): Tree {
  const exact = Number(value)
  return Number.isSafeInteger(exact) ? exact : new NumberText(value.toString())
}

/**
 * Plain objects and lists, as JSONPath walks them. Numbers lose what a JavaScript number cannot hold; of fields with the
 * same name only the last is there; bytes are base64.
 */
export function toPlain(tree: Tree): unknown {
  if (Array.isArray(tree)) return tree.map(toPlain)
  if (tree instanceof ObjectTree) {
    const plain: Record<string, unknown> = {}
    for (const [name, value] of tree.entries)
      Object.defineProperty(plain, name, {
        value: toPlain(value),
        enumerable: true,
        writable: true,
        configurable: true,
      })
    return plain
  }
  if (tree instanceof NumberText) return Number(tree.text)
  if (tree instanceof Bytes) return tree.bare ? tree.base64 : { base64: tree.base64 }
  return tree
}
