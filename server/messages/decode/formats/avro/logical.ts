import { Bytes, type Tree } from "../../../tree.ts"
import { decimalText, signedInteger } from "../number.ts"
import { isoDate, isoDateTime, isoTime } from "../time.ts"

export interface Logical {
  name: string
  /** Of a decimal. */
  scale: number
}

/** Decimal places of a second, by the end of a logical type's name. */
const DIGITS: Record<string, number> = { millis: 3, micros: 6, nanos: 9 }

/** An int or long by its logical type; null: as the number it is. What is out of its range stays a number. */
export function logicalInteger(value: bigint, { name }: Logical): string | null {
  if (name === "date") return isoDate(value)
  const [, kind, unit = ""] = /^(time|timestamp|local-timestamp)-(millis|micros|nanos)$/.exec(name) ?? []
  const digits = DIGITS[unit]
  if (digits === undefined) return null
  switch (kind) {
    case "timestamp":
      return `${isoDateTime(value, digits)}Z`
    case "local-timestamp":
      return isoDateTime(value, digits)
    default:
      return value >= 0n && value < 86_400n * 10n ** BigInt(digits) ? isoTime(value, digits) : null
  }
}

/** Bytes or a fixed by its logical type. */
export function logicalBytes(value: Buffer, logical: Logical | null): Tree {
  switch (logical?.name) {
    case "decimal":
      return value.length > MAX_DECIMAL ? new Bytes(value) : decimalText(signedInteger(value), logical.scale)
    case "big-decimal":
      return bigDecimal(value) ?? new Bytes(value)
    case "uuid":
      return value.length === 16 ? uuidText(value) : new Bytes(value)
    case "duration":
      return value.length === 12 ? durationText(value) : new Bytes(value)
    default:
      return new Bytes(value)
  }
}

/** Printing a number of n digits takes n² steps. */
const MAX_DECIMAL = 1024

/** Java's BigDecimal => unscaled:bytes scale:int, in Avro's own encoding, where the scale is the last one to five bytes. */
function bigDecimal(value: Buffer): string | null {
  const [length, from] = shortVarint(value, 0) ?? []
  if (length === undefined || from === undefined || length < 0 || length > MAX_DECIMAL) return null
  const [scale, end] = shortVarint(value, from + length) ?? []
  if (scale === undefined || end !== value.length) return null
  return decimalText(signedInteger(value.subarray(from, from + length)), scale)
}

/** A zigzag integer of at most 32 bits at a place, and where it ends. */
function shortVarint(bytes: Buffer, from: number): [value: number, end: number] | null {
  let raw = 0
  for (let at = from; at < from + 5; at++) {
    const byte = bytes[at]
    if (byte === undefined) return null
    raw += (byte & 0x7f) * 2 ** ((at - from) * 7)
    if (byte < 0x80) return [raw % 2 === 0 ? raw / 2 : -(raw + 1) / 2, at + 1]
  }
  return null
}

export function uuidText(value: Buffer): string {
  return value.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5")
}

/** Months, days and milliseconds as little-endian integers; as ISO 8601 writes a duration. */
function durationText(value: Buffer): string {
  const [months, days, millis] = [0, 4, 8].map((at) => value.readUInt32LE(at))
  const seconds = `${Math.floor((millis ?? 0) / 1000)}.${String((millis ?? 0) % 1000).padStart(3, "0")}`
  return `P${months}M${days}DT${seconds}S`
}
