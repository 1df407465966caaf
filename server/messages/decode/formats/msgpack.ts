import { printTree } from "../../json.ts"
import { Bytes, bigintTree, numberTree, ObjectTree, type Tree } from "../../tree.ts"
import { Budget } from "../budget.ts"
import { Cursor } from "../cursor.ts"
import { type Content, fromTree } from "../format.ts"
import { float32Tree } from "./number.ts"
import { utf8 } from "./text.ts"
import { isoDateTime } from "./time.ts"

/** MessagePack, one value to the last byte. Nothing is allocated by a length before the bytes are there. */
export function msgpack(bytes: Buffer): Content {
  const reader = new Reader(bytes)
  const tree = reader.value()
  reader.end()
  return fromTree(tree)
}

class Reader extends Cursor {
  readonly #budget = new Budget()

  value(): Tree {
    const first = this.byte()
    if (first >= 0xe0) return this.#leaf(first - 0x100)
    if (first < 0x80) return this.#leaf(first)
    if (first < 0x90) return this.#map(first & 0x0f)
    if (first < 0xa0) return this.#list(first & 0x0f)
    if (first < 0xc0) return this.#leaf(utf8(this.take(first & 0x1f)))
    return this.#typed(first)
  }

  #typed(first: number): Tree {
    switch (first) {
      case 0xc0:
        return this.#leaf(null)
      case 0xc2:
      case 0xc3:
        return this.#leaf(first === 0xc3)
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#leaf(new Bytes(this.take(this.#length(first - 0xc4))))
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#length(first - 0xc7))
      case 0xca:
        return this.#leaf(float32Tree(this.take(4).readFloatBE()))
      case 0xcb:
        return this.#leaf(numberTree(this.take(8).readDoubleBE()))
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#leaf(this.#length(first - 0xcc))
      case 0xcf:
        return this.#leaf(bigintTree(this.take(8).readBigUInt64BE()))
      case 0xd0:
      case 0xd1:
      case 0xd2:
        return this.#leaf(this.take(1 << (first - 0xd0)).readIntBE(0, 1 << (first - 0xd0)))
      case 0xd3:
        return this.#leaf(bigintTree(this.take(8).readBigInt64BE()))
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#leaf(utf8(this.take(this.#length(first - 0xd9))))
      case 0xdc:
      case 0xdd:
        return this.#list(this.#length(first - 0xdb))
      case 0xde:
      case 0xdf:
        return this.#map(this.#length(first - 0xdd))
      default:
        if (first >= 0xd4 && first <= 0xd8) return this.#extension(1 << (first - 0xd4))
        throw new SyntaxError(`byte 0x${first.toString(16)} begins no value`)
    }
  }

  /** An unsigned integer of 1, 2 or 4 bytes. */
  #length(power: number): number {
    const width = 1 << power
    return this.take(width).readUIntBE(0, width)
  }

  #leaf(value: Tree): Tree {
    this.#budget.take()
    return value
  }

  #list(count: number): Tree[] {
    this.#holds(count)
    this.#budget.enter()
    const items: Tree[] = []
    for (let left = count; left > 0; left--) items.push(this.value())
    this.#budget.leave()
    return items
  }

  #map(count: number): ObjectTree {
    this.#holds(count * 2)
    this.#budget.enter()
    const entries: [string, Tree][] = []
    for (let left = count; left > 0; left--) entries.push([nameOf(this.value()), this.value()])
    this.#budget.leave()
    return new ObjectTree(entries)
  }

  /** Every value has at least one byte. */
  #holds(count: number): void {
    if (count > this.left)
      throw new RangeError(`it ends too early: ${count} values are announced, ${this.left} bytes are left`)
  }

  #extension(length: number): Tree {
    this.#budget.take()
    const type = this.take(1).readInt8()
    const data = this.take(length)
    const time = type === -1 ? timestampOf(data) : null
    return (
      time ??
      new ObjectTree([
        ["extension", type],
        ["data", new Bytes(data)],
      ])
    )
  }
}

/** The extension -1: seconds, or nanoseconds and seconds, since 1970. */
function timestampOf(data: Buffer): string | null {
  switch (data.length) {
    case 4:
      return `${isoDateTime(BigInt(data.readUInt32BE()), 0)}Z`
    case 8: {
      const both = data.readBigUInt64BE()
      return `${isoDateTime((both & ((1n << 34n) - 1n)) * 1_000_000_000n + (both >> 34n), 9)}Z`
    }
    case 12:
      return `${isoDateTime(data.readBigInt64BE(4) * 1_000_000_000n + BigInt(data.readUInt32BE()), 9)}Z`
    default:
      return null
  }
}

/** Names of fields are text in JSON; any other value stands there as its JSON. */
export function nameOf(key: Tree): string {
  return typeof key === "string" ? key : printTree(key, 0)
}
