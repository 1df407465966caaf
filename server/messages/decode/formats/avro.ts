import avro from "avsc"
import type { Content } from "../format.ts"
import type { RegisteredSchema } from "../registry.ts"
import { fromTree } from "./json.ts"

const DAY_MS = 86_400_000

/** 64-bit integers: a number where that is exact, else a bigint. */
const long = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => {
    const value = bytes.readBigInt64LE(0)
    return BigInt.asIntN(53, value) === value ? Number(value) : value
  },
  toBuffer: (value: number | bigint) => {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    return bytes
  },
  fromJSON: BigInt,
  toJSON: Number,
  isValid: (value: unknown) => typeof value === "bigint" || Number.isSafeInteger(value),
  compare: (one: bigint, other: bigint) => (one < other ? -1 : one > other ? 1 : 0),
})

/** Epoch times as ISO 8601; `unitsADay` says in which unit, and `digits` how much of the text is kept. */
function iso(unitsADay: number, digits: number) {
  return class extends avro.types.LogicalType {
    override _fromValue(value: unknown): unknown {
      const at = new Date((Number(value) / unitsADay) * DAY_MS)
      return Number.isNaN(at.getTime()) ? value : at.toISOString().slice(0, digits)
    }
    override _toValue(): undefined {
      return undefined
    }
  }
}

/** Two's complement, big-endian, with `scale` decimal places. */
class Decimal extends avro.types.LogicalType {
  #scale: number
  constructor(schema: avro.Schema & { scale?: number }, options?: object) {
    super(schema, options)
    this.#scale = schema.scale ?? 0
  }
  override _fromValue(value: unknown): unknown {
    const bytes = Buffer.from(value as Uint8Array)
    const unscaled =
      bytes.length === 0 ? 0n : BigInt.asIntN(bytes.length * 8, BigInt(`0x${bytes.toString("hex")}`))
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(this.#scale + 1, "0")
    const whole = digits.slice(0, digits.length - this.#scale)
    const places = this.#scale > 0 ? `.${digits.slice(-this.#scale)}` : ""
    return `${unscaled < 0n ? "-" : ""}${whole}${places}`
  }
  override _toValue(): undefined {
    return undefined
  }
}

const logicalTypes = {
  date: iso(1, 10),
  decimal: Decimal,
  "timestamp-millis": iso(DAY_MS, 24),
  "timestamp-micros": iso(DAY_MS * 1000, 24),
}

/** A decoder of one Avro schema and those it refers to. Throws when the schema is not valid. */
export function avroDecoder(schema: RegisteredSchema): (payload: Buffer) => Content {
  const registry: Record<string, avro.Type> = { long }
  const options = { registry, logicalTypes, wrapUnions: "never" as const }
  for (const referred of schema.references) avro.Type.forSchema(JSON.parse(referred.text), options)
  const type = avro.Type.forSchema(JSON.parse(schema.text), options)
  return (payload) => fromTree(type.fromBuffer(payload))
}
