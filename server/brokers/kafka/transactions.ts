/** A transaction that was aborted, as a Fetch with read_committed tells of it. */
export interface AbortedTransaction {
  producerId: bigint
  firstOffset: bigint
}

/** What the head of a batch tells of its transaction. */
export interface BatchHead {
  /** The offset after its last. */
  next: bigint
  attributes: number
  producerId: bigint
}

/** Isolation of Fetch and ListOffsets (KIP-98). */
export const READ_UNCOMMITTED = 0
export const READ_COMMITTED = 1

const TRANSACTIONAL = 1 << 4
/** Of a batch's attributes: it holds no messages but a mark of the broker. */
export const CONTROL = 1 << 5

/**
 * Tells of the batches of one Fetch answer, asked in the order of the log, which were sent in a transaction that was
 * aborted. A transaction lasts from its first offset to the next control batch of its producer (KIP-98).
 */
export function abortedAmong(
  transactions: readonly AbortedTransaction[] | null,
): (batch: BatchHead) => boolean {
  if (!transactions || transactions.length === 0) return () => false
  const begins = transactions.toSorted((a, b) => (a.firstOffset < b.firstOffset ? -1 : 1))
  const under = new Set<bigint>()
  let begun = 0
  return ({ next, attributes, producerId }) => {
    for (let one = begins[begun]; one && one.firstOffset < next; one = begins[++begun])
      under.add(one.producerId)
    if ((attributes & CONTROL) === 0) return (attributes & TRANSACTIONAL) !== 0 && under.has(producerId)
    under.delete(producerId)
    return false
  }
}
