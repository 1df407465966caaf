import { Cursor } from "../../cursor.ts"

/*
  message => [tag:varint value]    tag = number << 3 | type
    type 0: varint; 1: 8 bytes; 2: length:varint bytes; 3, 4: begin and end of a group; 5: 4 bytes; little-endian
*/
export const WIRE = { VARINT: 0, FIXED64: 1, BYTES: 2, GROUP: 3, GROUP_END: 4, FIXED32: 5 } as const

const MAX_GROUPS = 100

export class WireCursor extends Cursor {
  varint(): bigint {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.byte()
      if (shift === 0n && byte < 0x80) return BigInt(byte)
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asUintN(64, value)
    }
    throw new RangeError("an integer has more than 64 bits")
  }

  tag(): { number: number; type: number } {
    const tag = this.varint()
    if (tag < 8n || tag > 0xffff_ffffn) throw new RangeError(`${tag} is not the tag of a field`)
    return { number: Number(tag >> 3n), type: Number(tag & 7n) }
  }

  /** The bytes after their length. */
  sized(): Buffer {
    const length = this.varint()
    if (length > BigInt(this.left))
      throw new RangeError(`it ends too early: ${length} bytes are announced, ${this.left} are left`)
    return this.take(Number(length))
  }

  /** The bytes of a group that has begun, without its end. */
  group(number: number, depth = 0): Buffer {
    if (depth > MAX_GROUPS) throw new RangeError("its groups are nested too deeply")
    const from = this.at
    for (;;) {
      const end = this.at
      const tag = this.tag()
      if (tag.type === WIRE.GROUP_END) {
        if (tag.number !== number) throw new RangeError(`group ${number} ends as group ${tag.number}`)
        return this.bytes.subarray(from, end)
      }
      this.skip(tag, depth + 1)
    }
  }

  skip({ number, type }: { number: number; type: number }, depth = 0): void {
    switch (type) {
      case WIRE.VARINT:
        this.varint()
        return
      case WIRE.FIXED64:
        this.take(8)
        return
      case WIRE.BYTES:
        this.sized()
        return
      case WIRE.GROUP:
        this.group(number, depth)
        return
      case WIRE.FIXED32:
        this.take(4)
        return
      default:
        throw new RangeError(`${type} is not a wire type`)
    }
  }
}
