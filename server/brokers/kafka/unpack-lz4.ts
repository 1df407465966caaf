import { repeat } from "./unpack-snappy.ts"

/*
  LZ4 frame => magic:4 bytes FLG BD [content size:8] [dictionary id:4] HC [block] 0:int32 [checksum:4]
    FLG: bits 6-7 version (1), 4 block checksums, 3 content size, 2 content checksum, 0 dictionary id
    block => size:uint32 (little-endian; the highest bit: not compressed) bytes [checksum:4]
  Block => sequence ...
    sequence => token:4 bits literals, 4 bits match [more literals] bytes offset:2 [more match]
      more: bytes that are added as long as they are 255; a match has 4 more bytes; the last sequence has none
  Checksums are not looked at: the batch has one of its own, which the broker has checked.
*/
const MAGIC = 0x184d2204
const STORED = 2 ** 31

interface Block {
  bytes: Buffer
  stored: boolean
}

/** Bytes when decompressed, found by walking the sequences. Throws a RangeError on what is damaged. */
export function lz4Length(frame: Buffer): number {
  return lz4Blocks(frame).reduce(
    (sum, { bytes, stored }) => sum + (stored ? bytes.length : blockLength(bytes)),
    0,
  )
}

/** Decompresses to `length` bytes, as `lz4Length` tells. Throws a RangeError on what is damaged. */
export function unpackLz4(frame: Buffer, length: number): Buffer {
  const out = Buffer.allocUnsafe(length)
  let to = 0
  for (const { bytes, stored } of lz4Blocks(frame)) {
    if (stored) to += bytes.copy(out, to)
    else to = unpackBlock(bytes, out, to)
  }
  return out
}

function lz4Blocks(frame: Buffer): Block[] {
  if (frame.length < 7 || frame.readUInt32LE(0) !== MAGIC) throw new RangeError("it is not an LZ4 frame")
  const flags = frame.readUInt8(4)
  if (flags >> 6 !== 1) throw new RangeError("its version is unknown")
  const tail = flags & 0x10 ? 4 : 0
  const blocks: Block[] = []
  for (let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0); ; ) {
    if (at + 4 > frame.length) throw new RangeError("it is cut off")
    const head = frame.readUInt32LE(at)
    if (head === 0) return blocks
    const from = at + 4
    at = from + (head % STORED) + tail
    if (at > frame.length) throw new RangeError("a block is cut off")
    blocks.push({ bytes: frame.subarray(from, at - tail), stored: head >= STORED })
  }
}

function blockLength(block: Buffer): number {
  let sum = 0
  walk(block, (literals, _from, match) => {
    sum += literals + match
  })
  return sum
}

/** Writes one block from `to` on, and answers where it ends. Matches may reach back into the blocks before. */
function unpackBlock(block: Buffer, out: Buffer, start: number): number {
  let to = start
  walk(block, (literals, from, match) => {
    if (literals > 0) {
      block.copy(out, to, from, from + literals)
      to += literals
    }
    if (match === 0) return
    const back = block.readUInt16LE(from + literals)
    if (back === 0 || back > to) throw new RangeError("a match leads nowhere")
    repeat(out, { to, back, size: match })
    to += match
  })
  return to
}

/** Each sequence: how many literals, where they stand, and how long its match is; 0: it has none. */
function walk(block: Buffer, see: (literals: number, from: number, match: number) => void): void {
  let at = 0
  const more = (short: number) => {
    let value = short
    for (let byte = short === 15 ? 255 : 0; byte === 255; value += byte) {
      byte = block[at++] ?? 0
      if (at > block.length) throw new RangeError("it is cut off")
    }
    return value
  }
  while (at < block.length) {
    const token = block[at++] ?? 0
    const literals = more(token >> 4)
    const from = at
    at += literals
    if (at > block.length) throw new RangeError("literals are cut off")
    if (at === block.length) {
      see(literals, from, 0)
      return
    }
    at += 2
    if (at > block.length) throw new RangeError("a match is cut off")
    see(literals, from, more(token & 15) + 4)
  }
}
