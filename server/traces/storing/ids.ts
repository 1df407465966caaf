import type { Store } from "#server/store/index.ts"

/** What `traces.chunk_ids` grows by. */
const BLOCK = 1000

/** Hands out ids of chunks; of several receivers each takes a thousand at a time from the database. */
export function chunkIds(store: Pick<Store, "pool">): () => Promise<number> {
  let block: Promise<number> | null = null
  let used = 0
  const take = async () => {
    const { rows } = await store.pool.query<{ id: number }>("select nextval('traces.chunk_ids')::int as id")
    return rows[0]?.id ?? 0
  }
  return async () => {
    if (!block || used === BLOCK) {
      block = take()
      used = 0
    }
    const mine = used++
    const own = block
    // One that could not be taken is asked for again.
    const first = await own.catch((error: unknown) => {
      if (block === own) block = null
      throw error
    })
    return first + mine
  }
}
