import type { Context } from "#server/context.ts"
import { type Found, type SearchInput, search, searchSize } from "./search.ts"

/** What a search that is under way says. */
export interface SearchProgress extends Found {
  /** Spans in chunks that may hold what is looked for; what was looked through is `spans`, of all pieces together. */
  total: number
}

/**
 * A search piece by piece, until as many spans are found as are asked for or all were looked through: each piece follows
 * the one before.
 */
export async function* searchAll(
  ctx: Pick<Context, "store">,
  input: SearchInput,
  signal: AbortSignal,
): AsyncGenerator<SearchProgress> {
  const { spans: total } = await searchSize(ctx, input)
  let { cursor, limit } = input
  let [chunks, spans] = [0, 0]
  while (!signal.aborted) {
    const found = await search(ctx, { ...input, cursor, limit })
    chunks += found.chunks
    spans += found.spans
    limit -= found.hits.length
    yield { ...found, chunks, spans, total: Math.max(total, spans) }
    if (found.next === null || limit <= 0) return
    cursor = found.next
  }
}
