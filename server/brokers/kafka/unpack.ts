import { gunzipSync, zstdDecompressSync } from "node:zlib"
import { compressionsAlgorithms } from "@platformatic/kafka"
import { DomainError } from "#server/errors.ts"

/** A batch that grows beyond this when it is unpacked is refused: 2 GB out of 1 MB would take the process with it. */
const MAX_UNPACKED = 64 << 20

const TOO_LARGE = `A batch is larger than ${MAX_UNPACKED >> 20} MB when it is decompressed: Signalbox does not read it.`

/** The records of a batch, decompressed. Throws a DomainError on what is too large or of an unknown codec. */
export function unpack(records: Buffer, codec: number): Buffer {
  switch (codec) {
    case 0:
      return records
    case 1:
      return limited(() => gunzipSync(records, { maxOutputLength: MAX_UNPACKED }))
    case 2:
      refuseBeyond(snappyLength(records))
      return compressionsAlgorithms.snappy.decompressSync(records)
    case 3:
      refuseBeyond(lz4Length(records))
      return compressionsAlgorithms.lz4.decompressSync(records)
    case 4:
      return limited(() => zstdDecompressSync(records, { maxOutputLength: MAX_UNPACKED }))
    default:
      throw new DomainError("unsupported", `Signalbox does not know compression codec ${codec}.`)
  }
}

function limited(work: () => Buffer): Buffer {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      throw new DomainError("unsupported", TOO_LARGE)
    throw error
  }
}

function refuseBeyond(length: number): void {
  if (length > MAX_UNPACKED) throw new DomainError("unsupported", TOO_LARGE)
}

/*
  Snappy block => length:uvarint tags ...        of the whole when decompressed
  Framed by xerial's Java library => magic:8 bytes version:int32 compatible:int32 [size:int32 block]
*/
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])

function snappyLength(records: Buffer): number {
  if (!records.subarray(0, XERIAL.length).equals(XERIAL)) return uvarint(records, 0)
  let sum = 0
  for (let at = XERIAL.length + 8; at + 4 <= records.length; at += 4 + records.readUInt32BE(at))
    sum += uvarint(records, at + 4)
  return sum
}

function uvarint(bytes: Buffer, from: number): number {
  let value = 0
  for (let at = from; at < from + 5; at++) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * 2 ** ((at - from) * 7)
    if (byte < 0x80) break
  }
  return value
}

/*
  LZ4 frame => magic:4 bytes FLG BD [content size:8] [dictionary id:4] HC [block] 0:int32 [checksum:4]
    block => size:uint32 (little-endian; the highest bit: not compressed) bytes [checksum:4]
*/
function lz4Length(records: Buffer): number {
  const flags = records[4] ?? 0
  const tail = flags & 0x10 ? 4 : 0
  let sum = 0
  let at = 7 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0)
  while (at + 4 <= records.length && sum <= MAX_UNPACKED) {
    const head = records.readUInt32LE(at)
    const size = head % 2 ** 31
    if (head === 0) break
    const block = records.subarray(at + 4, at + 4 + size)
    sum += head >= 2 ** 31 ? size : lz4BlockLength(block)
    at += 4 + size + tail
  }
  return sum
}

/** Sequence => token:4 bits literals, 4 bits match [more literals] bytes offset:2 [more match]; a match has 4 more bytes. */
function lz4BlockLength(block: Buffer): number {
  let sum = 0
  let at = 0
  const length = (short: number) => {
    let value = short
    for (let more = short === 15 ? 255 : 0; more === 255; value += more) more = block[at++] ?? 0
    return value
  }
  while (at < block.length) {
    const token = block[at++] ?? 0
    const literals = length(token >> 4)
    at += literals
    sum += literals
    if (at >= block.length) break
    at += 2
    sum += length(token & 15) + 4
  }
  return sum
}
