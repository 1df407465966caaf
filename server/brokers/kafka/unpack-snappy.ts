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
  const out = Buffer.allocUnsafe(length)
  let at = 0
  for (const block of snappyBlocks(records)) at = unpackBlock(block, out, at)
  return out
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

/** Writes one block from `start` on, and answers where it ends. Copies reach back no further than its begin. */
function unpackBlock(block: Buffer, out: Buffer, start: number): number {
  const { value, end } = uvarint(block)
  const last = start + value
  let at = end
  let to = start
  const little = (bytes: number) => {
    if (at + bytes > block.length) throw new RangeError("it is cut off")
    at += bytes
    return block.readUIntLE(at - bytes, bytes)
  }
  while (at < block.length) {
    const tag = block[at++] ?? 0
    const type = tag & 3
    if (type === 0) {
      const short = tag >> 2
      const size = (short < 60 ? short : little(short - 59)) + 1
      if (at + size > block.length || to + size > last) throw new RangeError("a literal is too long")
      block.copy(out, to, at, at + size)
      at += size
      to += size
      continue
    }
    const size = type === 1 ? ((tag >> 2) & 7) + 4 : (tag >> 2) + 1
    const back = type === 1 ? ((tag >> 5) << 8) + little(1) : little(type === 2 ? 2 : 4)
    if (back === 0 || back > to - start || to + size > last) throw new RangeError("a copy leads nowhere")
    repeat(out, { to, back, size })
    to += size
  }
  if (to !== last) throw new RangeError("it is shorter than it announces")
  return to
}

/** Copies `size` bytes from `back` bytes before; what it copies may be what it wrote. */
export function repeat(out: Buffer, { to, back, size }: { to: number; back: number; size: number }): void {
  if (size <= 32) {
    for (let at = to; at < to + size; at++) out[at] = out[at - back] ?? 0
    return
  }
  let done = Math.min(back, size)
  out.copyWithin(to, to - back, to - back + done)
  for (; done < size; done *= 2) out.copyWithin(to + done, to, to + Math.min(done, size - done))
}
