import type { DeadLetterFacts, Message } from "../../broker.ts"

/** The headers of a message by name. Kafka allows a name to come twice: the first is the oldest. */
export class Headers {
  readonly #headers: Message["headers"]

  constructor(message: Message) {
    this.#headers = message.headers
  }

  has(name: string): boolean {
    return this.#headers.some((header) => header.key === name)
  }

  first(name: string): Buffer | null {
    return this.#headers.find((header) => header.key === name)?.value ?? null
  }

  last(name: string): Buffer | null {
    return this.#headers.findLast((header) => header.key === name)?.value ?? null
  }
}

/** UTF-8; null where there is nothing. */
export function text(value: Buffer | null): string | null {
  return value === null || value.length === 0 ? null : value.toString("utf8")
}

/** Where a dead letter came from, told in text; null: its topic is not told. */
export function originIn(
  last: (name: string) => Buffer | null,
  timestamp: bigint | null,
): DeadLetterFacts["original"] {
  const destination = text(last("topic"))
  if (destination === null) return null
  const partition = decimal(last("partition"))
  return {
    destination,
    partition: partition === null ? null : Number(partition),
    offset: decimal(last("offset")),
    timestamp,
  }
}

/** Big-endian, 4 bytes, as Java's ByteBuffer.putInt writes it; null for anything else. */
export function int32(value: Buffer | null): number | null {
  return value?.length === 4 ? value.readInt32BE() : null
}

/** Big-endian, 8 bytes, as Java's ByteBuffer.putLong writes it; null for anything else. */
export function int64(value: Buffer | null): bigint | null {
  return value?.length === 8 ? value.readBigInt64BE() : null
}

/** A decimal number in text, not negative; null for anything else. */
export function decimal(value: Buffer | null): bigint | null {
  const digits = text(value)
  return digits !== null && /^\d{1,19}$/.test(digits) ? BigInt(digits) : null
}
