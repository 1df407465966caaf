const WIDTH = 16
/** Characters of a line: offset, pairs, and what of them is ASCII. */
const LINE = 8 + 2 + WIDTH * 3 - 1 + 2 + WIDTH + 1

/** Bytes as a hex dump: offset, hex, and what of it is ASCII; at most about `max` characters. Never fails. */
export function hex(bytes: Buffer, max = Number.POSITIVE_INFINITY): string {
  const lines: string[] = []
  for (let at = 0; at < bytes.length && lines.length * LINE < max; at += WIDTH) {
    const line = bytes.subarray(at, at + WIDTH)
    const pairs = [...line].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")
    const ascii = [...line]
      .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·"))
      .join("")
    lines.push(`${at.toString(16).padStart(8, "0")}  ${pairs.padEnd(WIDTH * 3 - 1)}  ${ascii}`)
  }
  return lines.join("\n")
}

/** The big-endian integer of 1, 2, 4 or 8 bytes that Kafka's own serialisers would have meant by it; else null. */
export function asInteger(bytes: Buffer): { bits: 8 | 16 | 32 | 64; value: bigint } | null {
  switch (bytes.length) {
    case 1:
      return { bits: 8, value: BigInt(bytes.readInt8()) }
    case 2:
      return { bits: 16, value: BigInt(bytes.readInt16BE()) }
    case 4:
      return { bits: 32, value: BigInt(bytes.readInt32BE()) }
    case 8:
      return { bits: 64, value: bytes.readBigInt64BE() }
    default:
      return null
  }
}
