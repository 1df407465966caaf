import { bigintTree, numberTree, ObjectTree, type Tree } from "../../../tree.ts"
import { Budget } from "../../budget.ts"
import { Cursor } from "../../cursor.ts"
import { float32Tree } from "../number.ts"
import { text } from "../text.ts"
import { type Logical, logicalBytes, logicalInteger } from "./logical.ts"
import type { AvroType, Branch } from "./schema.ts"

/*
  Avro's binary encoding: int, long => zigzag varint; bytes, string => length:long bytes; fixed => its bytes;
  record => its fields; enum, union => index:long; array, map => blocks of count:long items, until a count of 0;
  a negative count is followed by the size of its block in bytes.
*/

/** One value to the last byte of the payload. Throws a RangeError, a SyntaxError or a LimitError. */
export function readAvro(payload: Buffer, type: AvroType): Tree {
  const reader = new Reader(payload)
  const tree = reader.value(type)
  reader.end()
  return tree
}

class Reader extends Cursor {
  readonly #budget = new Budget()

  value(type: AvroType): Tree {
    switch (type.kind) {
      case "record":
        return this.#record(type.fields)
      case "array":
        return this.#items(() => this.value(type.items))
      case "map":
        return new ObjectTree(this.#items((): [string, Tree] => [this.#string(), this.value(type.values)]))
      case "union":
        return this.#union(type.branches)
      default:
        this.#budget.take()
        return this.#leaf(type)
    }
  }

  #leaf(type: Exclude<AvroType, { kind: "record" | "array" | "map" | "union" }>): Tree {
    switch (type.kind) {
      case "null":
        return null
      case "boolean":
        return this.#boolean()
      case "int":
        return this.#int(type.logical)
      case "long":
        return this.#integer(type.logical)
      case "float":
        return float32Tree(this.take(4).readFloatLE())
      case "double":
        return numberTree(this.take(8).readDoubleLE())
      case "bytes":
        return logicalBytes(this.#bytes(), type.logical)
      case "fixed":
        return logicalBytes(this.take(type.size), type.logical)
      case "string":
        return this.#string()
      case "enum":
        return this.#oneOf(type.symbols, "symbols")
    }
  }

  #record(fields: readonly { name: string; type: AvroType }[]): ObjectTree {
    this.#budget.enter()
    const entries = fields.map(({ name, type }): [string, Tree] => [name, this.value(type)])
    this.#budget.leave()
    return new ObjectTree(entries)
  }

  /** Items may have no bytes (null, an empty record): the budget, not the payload's length, bounds their number. */
  #items<Item>(one: () => Item): Item[] {
    this.#budget.enter()
    const items: Item[] = []
    for (let count = this.#count(); count !== 0; count = this.#count()) {
      if (count < 0) this.#count()
      for (let left = Math.abs(count); left > 0; left--) {
        this.#budget.take()
        items.push(one())
      }
    }
    this.#budget.leave()
    return items
  }

  #union(branches: readonly Branch[]): Tree {
    this.#budget.enter()
    const { type, label } = this.#oneOf(branches, "branches")
    const value = this.value(type)
    this.#budget.leave()
    return label === null ? value : new ObjectTree([[label, value]])
  }

  #oneOf<Item>(items: readonly Item[], what: string): Item {
    const index = this.#count()
    const found = items[index]
    if (found === undefined)
      throw new RangeError(`there are ${items.length} ${what}, it names number ${index}`)
    return found
  }

  #boolean(): boolean {
    const byte = this.byte()
    if (byte > 1) throw new RangeError(`a boolean is 0 or 1, not ${byte}`)
    return byte === 1
  }

  /** Java's reader gives up after five bytes; what has more bits than 32 was written by another schema. */
  #int(logical: Logical | null): Tree {
    const { at } = this
    const value = this.#small()
    if (value === null || value !== (value | 0)) throw new RangeError("an int has more than 32 bits")
    this.at = at
    return this.#integer(logical)
  }

  #integer(logical: Logical | null): Tree {
    if (!logical) return this.#small() ?? bigintTree(this.#long())
    const value = this.#long()
    return logicalInteger(value, logical) ?? bigintTree(value)
  }

  #string(): string {
    return text(this.#bytes())
  }

  #bytes(): Buffer {
    return this.take(this.#count())
  }

  /** A long that counts: far too large ones need not be exact. */
  #count(): number {
    return this.#small() ?? Number(this.#long())
  }

  /** The next integer when it has at most 49 bits, as most have; null: it is longer, and nothing was read. */
  #small(): number | null {
    const { bytes, at } = this
    let raw = 0
    let scale = 1
    for (let next = at; next < at + 7; next++) {
      const byte = bytes[next]
      if (byte === undefined) return null
      raw += (byte & 0x7f) * scale
      scale *= 128
      if (byte < 0x80) {
        this.at = next + 1
        return raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2
      }
    }
    return null
  }

  #long(): bigint {
    let raw = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      raw |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, (raw >> 1n) ^ -(raw & 1n))
    }
    throw new RangeError("an integer has more than 64 bits")
  }
}
