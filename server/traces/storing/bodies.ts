import { promisify } from "node:util"
import { zstdDecompress } from "node:zlib"
import type { Store } from "#server/store/index.ts"

const decompress = promisify(zstdDecompress)

/** Names a chunk: ids come round again after two thousand million of them. */
export interface ChunkKey {
  id: number
  at: bigint
}

export interface ChunkBody {
  key: ChunkKey
  service: string
  /** A TracesData message. */
  data: Buffer
}

/** The chunks with these keys, those that are still there, in the order that was asked for. */
export async function readBodies(
  store: Pick<Store, "pool">,
  keys: readonly ChunkKey[],
): Promise<ChunkBody[]> {
  if (keys.length === 0) return []
  const ats = keys.map(({ at }) => at).sort((a, b) => (a < b ? -1 : 1))
  const [first, last] = [ats.at(0), ats.at(-1)]
  const { rows } = await store.pool.query<{ id: number; at: string; service: string; body: Buffer }>(
    `select c.id, c.at, s.name as service, c.body from traces.chunk c join traces.service s on s.id = c.service_id
     where c.id = any($1) and c.at between ${first} and ${last}`,
    [keys.map(({ id }) => id)],
  )
  const found = new Map(rows.map((row) => [`${row.id} ${row.at}`, row]))
  const inOrder = keys.flatMap((key) => {
    const row = found.get(`${key.id} ${key.at}`)
    return row ? [{ key, row }] : []
  })
  return Promise.all(
    inOrder.map(async ({ key, row }) => ({ key, service: row.service, data: await decompress(row.body) })),
  )
}
