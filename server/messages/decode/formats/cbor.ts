import { Bytes, bigintTree, NumberText, numberTree, ObjectTree, type Tree } from "../../tree.ts"
import { Budget } from "../budget.ts"
import { Cursor } from "../cursor.ts"
import { type Content, fromTree } from "../format.ts"
import { nameOf } from "./msgpack.ts"
import { float32Tree } from "./number.ts"
import { utf8 } from "./text.ts"
import { isoDateTime } from "./time.ts"

/** CBOR (RFC 8949), one item to the last byte. Nothing is allocated by a length before the bytes are there. */
export function cbor(bytes: Buffer): Content {
  const reader = new Reader(bytes)
  const tree = reader.item()
  reader.end()
  return fromTree(tree)
}

/** Ends what has no length. */
const BREAK = 0xff
const INDEFINITE = 31

class Reader extends Cursor {
  readonly #budget = new Budget()

  item(): Tree {
    const first = this.byte()
    const info = first & 0x1f
    switch (first >> 5) {
      case 0:
        return this.#leaf(bigintTree(this.#argument(info)))
      case 1:
        return this.#leaf(bigintTree(-1n - this.#argument(info)))
      case 2:
        return this.#leaf(new Bytes(this.#string(2, info)))
      case 3:
        return this.#leaf(utf8(this.#string(3, info)))
      case 4:
        return this.#list(info)
      case 5:
        return this.#map(info)
      case 6:
        return this.#tagged(this.#argument(info))
      default:
        return this.#leaf(this.#simple(info))
    }
  }

  #leaf(value: Tree): Tree {
    this.#budget.take()
    return value
  }

  /** The number that stands in the first byte, or in the 1, 2, 4 or 8 bytes after it. */
  #argument(info: number): bigint {
    if (info < 24) return BigInt(info)
    if (info === 27) return this.take(8).readBigUInt64BE()
    if (info > 27) throw new SyntaxError(`additional information ${info} has no meaning here`)
    const width = 1 << (info - 24)
    return BigInt(this.take(width).readUIntBE(0, width))
  }

  /** How many items or bytes follow: never more than there are bytes. */
  #length(info: number): number {
    const length = this.#argument(info)
    if (length > BigInt(this.left))
      throw new RangeError(`it ends too early: ${length} are announced, ${this.left} bytes are left`)
    return Number(length)
  }

  #string(major: number, info: number): Buffer {
    if (info !== INDEFINITE) return this.take(this.#length(info))
    const chunks: Buffer[] = []
    for (let first = this.byte(); first !== BREAK; first = this.byte()) {
      if (first >> 5 !== major) throw new SyntaxError("a string has a chunk of another type")
      this.#budget.take()
      chunks.push(this.take(this.#length(first & 0x1f)))
    }
    return Buffer.concat(chunks)
  }

  #list(info: number): Tree[] {
    this.#budget.enter()
    const items: Tree[] = []
    for (const _ of this.#items(info)) items.push(this.item())
    this.#budget.leave()
    return items
  }

  #map(info: number): ObjectTree {
    this.#budget.enter()
    const entries: [string, Tree][] = []
    for (const _ of this.#items(info)) entries.push([nameOf(this.item()), this.item()])
    this.#budget.leave()
    return new ObjectTree(entries)
  }

  /** Once for each item of a container. */
  *#items(info: number): Generator<void> {
    if (info !== INDEFINITE) {
      for (let left = this.#length(info); left > 0; left--) yield
      return
    }
    while (this.bytes[this.at] !== BREAK) yield
    this.at += 1
  }

  #tagged(tag: bigint): Tree {
    this.#budget.enter()
    const content = this.item()
    this.#budget.leave()
    switch (tag) {
      case 1n:
        return typeof content === "number" && Number.isInteger(content)
          ? `${isoDateTime(BigInt(content), 0)}Z`
          : content
      case 2n:
      case 3n:
        return content instanceof Bytes ? bignum(content.value, tag === 3n) : content
      default:
        return content
    }
  }

  #simple(info: number): Tree {
    switch (info) {
      case 20:
      case 21:
        return info === 21
      case 22:
      case 23:
        return null
      case 25:
        return numberTree(halfFloat(this.take(2).readUInt16BE()))
      case 26:
        return float32Tree(this.take(4).readFloatBE())
      case 27:
        return numberTree(this.take(8).readDoubleBE())
      case INDEFINITE:
        throw new SyntaxError("a break where nothing is open")
      default:
        return `simple(${this.#argument(info)})`
    }
  }
}

/** Larger ones would cost more to print than they are worth: they stay bytes. */
const MAX_BIGNUM = 1024

function bignum(bytes: Uint8Array, negative: boolean): Tree {
  if (bytes.length > MAX_BIGNUM) return new Bytes(bytes)
  const value = bytes.length === 0 ? 0n : BigInt(`0x${Buffer.from(bytes).toString("hex")}`)
  return new NumberText(String(negative ? -1n - value : value))
}

/** Sign, 5 bits of exponent, 10 bits of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}
