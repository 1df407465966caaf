import type { Content } from "../format.ts"

const WIDTH = 16

/** Bytes as a hex dump: offset, hex, and what of it is ASCII. Never fails. */
export function hex(bytes: Buffer): Content {
  const lines: string[] = []
  for (let at = 0; at < bytes.length; at += WIDTH) {
    const line = bytes.subarray(at, at + WIDTH)
    const pairs = [...line].map((byte) => byte.toString(16).padStart(2, "0")).join(" ")
    const ascii = [...line]
      .map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : "·"))
      .join("")
    lines.push(`${at.toString(16).padStart(8, "0")}  ${pairs.padEnd(WIDTH * 3 - 1)}  ${ascii}`)
  }
  return { text: lines.join("\n") }
}

/** What Kafka's own serialisers of numbers would have meant by it: they write big-endian. */
export function asInteger(bytes: Buffer): string | null {
  if (bytes.length === 4) return `as a 32-bit integer: ${bytes.readInt32BE(0)}`
  if (bytes.length === 8) return `as a 64-bit integer: ${bytes.readBigInt64BE(0)}`
  return null
}
