import type { Piece } from "./read-piece.ts"
import type { ShownMessage } from "./shown.ts"

interface Merged {
  rows: ShownMessage[]
  /** Where each partition goes on; those that are read to their end are not in it. */
  left: { partition: number; offset: string }[]
}

/**
 * Merges pieces by time, newest first, and never changes the order inside a partition: its last message is the one that
 * is compared, as far as its clock may be off. `offset` in `left` is exclusive: the page goes on below it.
 */
export function mergeNewest(pieces: readonly Piece[], limit: number): Merged {
  const heads = pieces.map((piece) => ({ piece, at: piece.rows.length - 1 }))
  const rows = take(heads, limit, "newest")
  const left = heads.flatMap(({ piece, at }) => {
    const shown = piece.rows[at + 1]?.offset
    const rest = at >= 0 ? (shown ?? String(BigInt(piece.rows[at]?.offset ?? 0) + 1n)) : piece.rest
    return rest === null ? [] : [{ partition: piece.partition, offset: String(rest) }]
  })
  return { rows, left }
}

/** The same, oldest first; `offset` in `left` is where the page goes on. */
export function mergeOldest(pieces: readonly Piece[], limit: number): Merged {
  const heads = pieces.map((piece) => ({ piece, at: 0 }))
  const rows = take(heads, limit, "oldest")
  const left = heads.flatMap(({ piece, at }) => {
    const rest = piece.rows[at]?.offset ?? piece.rest
    return rest === null ? [] : [{ partition: piece.partition, offset: String(rest) }]
  })
  return { rows, left }
}

interface Head {
  piece: Piece
  at: number
}

function take(heads: Head[], limit: number, order: "newest" | "oldest"): ShownMessage[] {
  const rows: ShownMessage[] = []
  while (rows.length < limit) {
    let best: Head | undefined
    for (const head of heads) {
      const row = head.piece.rows[head.at]
      if (row && (!best || comesFirst(row, best.piece.rows[best.at], order))) best = head
    }
    const row = best?.piece.rows[best.at]
    if (!best || !row) break
    rows.push(row)
    best.at += order === "newest" ? -1 : 1
  }
  return rows
}

function comesFirst(row: ShownMessage, other: ShownMessage | undefined, order: "newest" | "oldest"): boolean {
  return order === "newest" ? timeOf(row) > timeOf(other) : timeOf(row) < timeOf(other)
}

function timeOf(row: ShownMessage | undefined): bigint {
  return BigInt(row?.timestamp ?? 0)
}
