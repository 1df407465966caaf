import { Output } from "./copy-bytes.ts"

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
  const out = new Output(length)
  for (const { bytes, stored } of lz4Blocks(frame)) {
    if (stored) out.literal(bytes, 0, bytes.length)
    else unpackBlock(bytes, out)
  }
  return out.bytes
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
  const sequences = new Sequences(block)
  let sum = 0
  while (sequences.next()) sum += sequences.literals + sequences.match
  return sum
}

/** Writes one block. Its matches may reach back into the blocks before. */
function unpackBlock(block: Buffer, out: Output): void {
  const sequences = new Sequences(block)
  while (sequences.next()) {
    const { literals, from, match } = sequences
    out.literal(block, from, literals)
    if (match === 0) return
    const back = (block[from + literals] ?? 0) + (block[from + literals + 1] ?? 0) * 256
    if (back === 0 || back > out.at) throw new RangeError("a match leads nowhere")
    out.repeat(back, match)
  }
}

/** The sequences of a block, one after another. */
class Sequences {
  readonly #block: Buffer
  #at = 0
  /** How many literals, where they stand, and how long the match after them is; 0: there is none. */
  literals = 0
  from = 0
  match = 0

  constructor(block: Buffer) {
    this.#block = block
  }

  next(): boolean {
    const block = this.#block
    if (this.#at >= block.length) return false
    const token = block[this.#at++] ?? 0
    this.literals = token >> 4 === 15 ? this.#more() : token >> 4
    this.from = this.#at
    this.#at += this.literals
    if (this.#at > block.length) throw new RangeError("literals are cut off")
    this.match = 0
    if (this.#at === block.length) return true
    this.#at += 2
    if (this.#at > block.length) throw new RangeError("a match is cut off")
    this.match = ((token & 15) === 15 ? this.#more() : token & 15) + 4
    return true
  }

  /** A length of 15 and more. */
  #more(): number {
    let value = 15
    for (let byte = 255; byte === 255; value += byte) {
      if (this.#at >= this.#block.length) throw new RangeError("it is cut off")
      byte = this.#block[this.#at++] ?? 0
    }
    return value
  }
}
