import { Output } from "./copy-bytes.ts"

/*
  Snappy block => length:uvarint element ...            length: of all when decompressed
    element => tag:byte: bits 0-1 type
      0 literal: bits 2-7 length - 1, or 60..63: length - 1 in 1..4 bytes after it, little-endian; then its bytes
      1 copy: bits 2-4 length - 4, bits 5-7 and one byte after it: how far back
      2, 3 copy: bits 2-7 length - 1; 2 or 4 bytes after it, little-endian: how far back
  Framed by xerial's Java library => magic:8 bytes version:int32 compatible:int32 [size:int32 block]
*/
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const XERIAL_HEAD = 16

/** What decompressed bytes are announced. Throws a RangeError where its frame is cut off. */
export function snappyLength(records: Buffer): number {
  return snappyBlocks(records).reduce((sum, block) => sum + uvarint(block).value, 0)
}

/** Decompresses to `length` bytes, as `snappyLength` tells. Throws a RangeError on what is damaged. */
export function unpackSnappy(records: Buffer, length: number): Buffer {
  const out = new Output(length)
  for (const block of snappyBlocks(records)) unpackBlock(block, out)
  return out.bytes
}

function snappyBlocks(records: Buffer): Buffer[] {
  if (!records.subarray(0, XERIAL.length).equals(XERIAL)) return [records]
  const blocks: Buffer[] = []
  for (let at = XERIAL_HEAD; at < records.length; ) {
    const from = at + 4
    at = from + (from <= records.length ? records.readUInt32BE(at) : 1)
    if (at > records.length) throw new RangeError("a block is cut off")
    blocks.push(records.subarray(from, at))
  }
  return blocks
}

function uvarint(block: Buffer): { value: number; end: number } {
  let value = 0
  for (let at = 0; at < 5; at++) {
    const byte = block[at]
    if (byte === undefined) break
    value += (byte & 0x7f) * 2 ** (at * 7)
    if (byte < 0x80) return { value, end: at + 1 }
  }
  throw new RangeError("it announces no length")
}

/** Writes one block. Its copies reach back no further than its begin. */
function unpackBlock(block: Buffer, out: Output): void {
  const { value, end } = uvarint(block)
  const start = out.at
  const last = start + value
  let at = end
  while (at < block.length) {
    const tag = block[at++] ?? 0
    const type = tag & 3
    const short = tag >> 2
    const more = type === 0 ? Math.max(0, short - 59) : type === 3 ? 4 : type
    if (at + more > block.length) throw new RangeError("it is cut off")
    const number = more === 0 ? 0 : littleEndian(block, at, more)
    at += more
    if (type === 0) {
      const size = (more === 0 ? short : number) + 1
      if (at + size > block.length || out.at + size > last) throw new RangeError("a literal is too long")
      out.literal(block, at, size)
      at += size
    } else {
      const size = type === 1 ? (short & 7) + 4 : short + 1
      const back = type === 1 ? ((tag >> 5) << 8) + number : number
      if (back === 0 || back > out.at - start || out.at + size > last)
        throw new RangeError("a copy leads nowhere")
      out.repeat(back, size)
    }
  }
  if (out.at !== last) throw new RangeError("it is shorter than it announces")
}

function littleEndian(bytes: Buffer, at: number, count: number): number {
  let value = 0
  for (let i = count - 1; i >= 0; i--) value = value * 256 + (bytes[at + i] ?? 0)
  return value
}
