import type { DeadLetterDialect } from "../../broker.ts"

/**
 * Uber's uForwarder (the consumer proxy) and kafka-client, on `<topic>__<group>__dlq`, `…__retry` and `…__resq`. They add
 * no header: the key is replaced by what is known of the message, its own key among it.
 *
 * Source: uber/uForwarder, idl/src/main/proto/data/kafka/messaging-consumer/dlq_metadata.proto, ProcessorMessage.java
 */
export const uber: DeadLetterDialect = {
  id: "uber",
  name: "Uber's consumer proxy",
  claims: (destination) => NAME.test(destination),
  read: (destination, { key }) => {
    if (key === null || !NAME.test(destination)) return null
    const fields = readFields(key)
    const topic = fields?.get(TOPIC)
    if (!fields || !Buffer.isBuffer(topic) || topic.length === 0) return null
    const number = (field: number) => {
      const value = fields.get(field)
      return typeof value === "bigint" ? value : 0n
    }
    const origin = topic.toString("utf8")
    const data = fields.get(DATA)
    return {
      original: {
        destination: origin,
        partition: Number(number(PARTITION)),
        offset: number(OFFSET),
        timestamp: millis(number(TIMESTAMP)),
      },
      originalKey: Buffer.isBuffer(data) ? data : null,
      group: groupIn(destination, origin),
      exception: { type: null, message: null, stack: null },
      attempts: Number(number(RETRIES)),
    }
  },
  isOwnHeader: () => false,
}

const NAME = /__(?:dlq|retry|resq)$/

function groupIn(destination: string, topic: string): string | null {
  const start = `${topic}__`
  const group = destination.replace(NAME, "")
  return group.startsWith(start) ? group.slice(start.length) : null
}

/** Named in ns, and in ns by kafka-client; uForwarder writes ms. Null: not known. */
function millis(timestamp: bigint): bigint | null {
  if (timestamp <= 0n) return null
  return timestamp > 100_000_000_000_000n ? timestamp / 1_000_000n : timestamp
}

/*
  DLQMetadata => field*          field => tag:varint value          tag = number << 3 | type
    1 retry_count, 3 partition, 4 offset, 5 timestamp_ns, 7 timeout_count   type 0: varint
    2 topic, 6 data                                                          type 2: length:varint bytes
  A field that is zero or empty is not written.
*/
const RETRIES = 1
const TOPIC = 2
const PARTITION = 3
const OFFSET = 4
const TIMESTAMP = 5
const DATA = 6
const TIMEOUTS = 7
const VARINTS = [RETRIES, PARTITION, OFFSET, TIMESTAMP, TIMEOUTS]

/** The fields by their number; null: it is something else. */
function readFields(bytes: Buffer): Map<number, bigint | Buffer> | null {
  const fields = new Map<number, bigint | Buffer>()
  let at = 0
  const varint = (): bigint | null => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++]
      if (byte === undefined) return null
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return BigInt.asIntN(64, value)
    }
    return null
  }
  while (at < bytes.length) {
    const tag = varint()
    const value = varint()
    if (tag === null || value === null) return null
    const field = Number(tag >> 3n)
    if ((tag & 7n) === 0n && VARINTS.includes(field)) fields.set(field, value)
    else if ((tag & 7n) === 2n && (field === TOPIC || field === DATA)) {
      if (value < 0n || value > BigInt(bytes.length - at)) return null
      fields.set(field, bytes.subarray(at, at + Number(value)))
      at += Number(value)
    } else return null
  }
  return fields
}
