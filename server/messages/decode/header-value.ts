import { uuidText } from "./formats/avro/logical.ts"
import { asInteger, hex } from "./formats/hex.ts"
import { isReadable, utf8 } from "./formats/text.ts"

/** A header's value for what it most likely is. Headers have no type: what else it could be stands beside it. */
export interface HeaderValue {
  kind: "text" | "integer" | "uuid" | "hex"
  text: string
  /** Only its beginning is there. */
  cut: boolean
  /** Other readings, in words. */
  also: string[]
}

const MAX_TEXT = 10_000

/**
 * Text where a person can read it; else a big-endian integer of 1, 2, 4 or 8 bytes, as Java's frameworks write partitions,
 * offsets and times, or a UUID of 16 bytes; else hex. At most `max` characters; null: as many as a page bears.
 */
export function headerValue(bytes: Buffer, max: number | null): HeaderValue {
  const most = max ?? MAX_TEXT
  const text = readable(bytes)
  const integer = asInteger(bytes)
  const number = integer && `${integer.value} as a ${integer.bits}-bit integer`
  if (text !== null) {
    const also = number !== null && bytes.length >= 4 ? [number] : []
    return { kind: "text", text: text.slice(0, most), cut: text.length > most, also }
  }
  const dump = bytes.subarray(0, most).toString("hex")
  if (integer) {
    const time = integer.bits === 64 ? timeOf(integer.value) : null
    return {
      kind: "integer",
      text: String(integer.value),
      cut: false,
      also: [...(time ? [time] : []), `hex ${dump}`],
    }
  }
  if (bytes.length === 16) return { kind: "uuid", text: uuidText(bytes), cut: false, also: [`hex ${dump}`] }
  return {
    kind: "hex",
    text: max === null ? hex(bytes, most) : dump.slice(0, most),
    cut: bytes.length * 2 > most,
    also: [],
  }
}

function readable(bytes: Buffer): string | null {
  try {
    const text = utf8(bytes)
    return isReadable(text) ? text : null
  } catch {
    return null
  }
}

/** Times since 1970 in milliseconds, from 2000 to 2100. */
function timeOf(value: bigint): string | null {
  const from = Date.UTC(2000, 0)
  return value >= from && value < Date.UTC(2100, 0) ? new Date(Number(value)).toISOString() : null
}
