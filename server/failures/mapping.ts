import { z } from "zod"
import type { DeadLetterDialect, DeadLetterFacts, Message } from "#server/brokers/broker.ts"

const header = z.string().trim().min(1).max(200).optional()

/** Which headers of a home-made dialect hold what. */
export const headerMapping = z.strictObject({
  destination: header,
  partition: header,
  offset: header,
  timestamp: header,
  group: header,
  exceptionType: header,
  exceptionMessage: header,
  stack: header,
  attempts: header,
  version: header,
  /** How numbers are written: decimal digits, or as Java's ByteBuffer does. */
  numbers: z.enum(["text", "big-endian"]).default("text"),
  /** More headers that the framework adds; they are taken off before a replay, like those named above. */
  alsoOwn: z.array(z.string().trim().min(1).max(200)).max(50).default([]),
})

export type HeaderMapping = z.output<typeof headerMapping>

/** The dialect that a mapping describes. It knows a message by any one of the headers named. */
export function mappedDialect(mapping: HeaderMapping): DeadLetterDialect {
  const { numbers, alsoOwn, ...fields } = mapping
  const named = Object.values(fields).filter((name) => name !== undefined)
  const own = new Set([...named, ...alsoOwn])
  return {
    id: "mapping",
    name: "your own mapping",
    claims: () => false,
    read: (_destination, message) => {
      const known = message.headers.some((one) => named.includes(one.key))
      return known ? factsOf(mapping, message) : null
    },
    isOwnHeader: (name) => own.has(name),
  }
}

function factsOf(mapping: HeaderMapping, message: Message): DeadLetterFacts {
  const raw = (name: string | undefined) =>
    message.headers.findLast((one) => one.key === name && name !== undefined)?.value ?? null
  const text = (name: string | undefined) => raw(name)?.toString("utf8") || null
  const number = (name: string | undefined) => toNumber(raw(name), mapping.numbers)
  const small = (name: string | undefined) => {
    const value = number(name)
    return value === null ? null : Number(value)
  }
  const destination = text(mapping.destination)
  return {
    original:
      destination === null
        ? null
        : {
            destination,
            partition: small(mapping.partition),
            offset: number(mapping.offset),
            timestamp: number(mapping.timestamp),
          },
    group: text(mapping.group),
    exception: {
      type: text(mapping.exceptionType),
      message: text(mapping.exceptionMessage),
      stack: text(mapping.stack),
    },
    attempts: small(mapping.attempts),
  }
}

function toNumber(value: Buffer | null, written: HeaderMapping["numbers"]): bigint | null {
  if (value === null) return null
  if (written === "text") {
    const digits = value.toString("utf8").trim()
    return /^\d{1,18}$/.test(digits) ? BigInt(digits) : null
  }
  if (value.length === 4) return BigInt(value.readInt32BE())
  return value.length === 8 ? value.readBigInt64BE() : null
}
