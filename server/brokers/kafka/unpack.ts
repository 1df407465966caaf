import { gunzipSync, zstdDecompressSync } from "node:zlib"
import { DomainError } from "#server/errors.ts"
import { lz4Length, unpackLz4 } from "./unpack-lz4.ts"
import { snappyLength, unpackSnappy } from "./unpack-snappy.ts"

/** A batch that grows beyond this when it is unpacked is refused: 2 GB out of 1 MB would take the process with it. */
export const MAX_UNPACKED = 64 << 20
/** Bytes of an unpacked batch up to which whoever asked may keep it. */
export const MAX_KEPT = 4 << 20
/** Enough for most batches at once (bytes). */
const ROOM = 16 << 10
/** Snappy writes 64 bytes for 3 at most. What announces more than this many times its size is damaged. */
const MAX_SNAPPY_RATIO = 22

/** The batch is larger than was allowed. */
export class TooLarge extends DomainError {
  constructor() {
    const limit = `${MAX_UNPACKED >> 20} MB`
    super("unsupported", `It is larger than ${limit} when it is decompressed: Signalbox does not read it.`)
  }
}

/**
 * The records of a batch, decompressed. It has `max` bytes at most: Snappy and LZ4 are asked first how many they announce.
 * zlib writes into pieces of `room` bytes; several of them are joined, which takes twice the memory. Throws TooLarge, a
 * DomainError on an unknown codec, and any Error on what is damaged.
 */
export function unpack(records: Buffer, codec: number, { max = MAX_UNPACKED, room = ROOM } = {}): Buffer {
  switch (codec) {
    case 0:
      return records
    case 1:
      return limited(() => gunzipSync(records, { maxOutputLength: max, chunkSize: room }))
    case 2: {
      const length = within(snappyLength(records), max)
      if (length > records.length * MAX_SNAPPY_RATIO) throw new RangeError("it announces more than it holds")
      return unpackSnappy(records, length)
    }
    case 3:
      return unpackLz4(records, within(lz4Length(records), max))
    case 4:
      return limited(() => zstdDecompressSync(records, { maxOutputLength: max, chunkSize: room }))
    default:
      throw new DomainError("unsupported", `Signalbox does not know compression codec ${codec}.`)
  }
}

function limited(work: () => Buffer): Buffer {
  try {
    return work()
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE")
      throw new TooLarge()
    throw error
  }
}

function within(length: number, max: number): number {
  if (length > max) throw new TooLarge()
  return length
}
