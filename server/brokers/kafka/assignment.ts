/*
  ConsumerProtocolAssignment (KIP-429) => version [assigned_partitions] user_data
    version => INT16
    assigned_partitions => topic [partitions]
      topic => STRING
      partitions => INT32
    user_data => NULLABLE_BYTES

  Any client may put here what it likes (Kafka Connect and others do), so what does not read as this is "unknown".
*/

/** What a classic member is assigned; an empty list when it has nothing; null when the bytes are not the protocol's. */
export function decodeAssignment(bytes: Buffer): { destination: string; partitions: number[] }[] | null {
  if (bytes.length === 0) return []
  try {
    const version = bytes.readInt16BE(0)
    if (version < 0 || version > 10) return null
    const topics = bytes.readInt32BE(2)
    if (topics < 0 || topics > bytes.length) return null
    let at = 6
    const found = []
    for (let i = 0; i < topics; i++) {
      const length = bytes.readInt16BE(at)
      const destination = bytes.toString("utf8", at + 2, at + 2 + length)
      const count = bytes.readInt32BE(at + 2 + length)
      if (length < 0 || count < 0 || destination.length === 0) return null
      at += 6 + length
      const partitions = Array.from({ length: count }, (_, k) => bytes.readInt32BE(at + 4 * k))
      at += 4 * count
      found.push({ destination, partitions: partitions.sort((a, b) => a - b) })
    }
    return found
  } catch {
    return null
  }
}
