import { promisify } from "node:util"
import { zstdDecompress } from "node:zlib"
import type { Store } from "#server/store/index.ts"

const decompress = promisify(zstdDecompress)
/** Bytes of bodies that are fetched at once, compressed as they are. */
const AT_ONCE_BYTES = 8 << 20

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

/**
 * The chunks with these keys, those that are still there, in the order that was asked for. One of them is decompressed at a
 * time: who sends spans decides how large they become.
 */
export async function* readBodies(
  store: Pick<Store, "pool">,
  keys: readonly ChunkKey[],
): AsyncGenerator<ChunkBody> {
  for (const some of await inGroups(store, keys)) {
    const { rows } = await store.pool.query<{ id: number; at: string; service: string; body: Buffer }>(
      `select c.id, c.at, s.name as service, c.body from traces.chunk c join traces.service s on s.id = c.service_id
       where c.id = any($1) and c.${between(some)}`,
      [some.map(({ id }) => id)],
    )
    const found = new Map(rows.map((row) => [nameOf(row), row]))
    for (const key of some) {
      const row = found.get(nameOf(key))
      if (row) yield { key, service: row.service, data: await decompress(row.body) }
    }
  }
}

/** As many at once as are small enough together. */
async function inGroups(store: Pick<Store, "pool">, keys: readonly ChunkKey[]): Promise<ChunkKey[][]> {
  if (keys.length === 0) return []
  const { rows } = await store.pool.query<{ id: number; at: string; bytes: number }>(
    `select id, at, octet_length(body) as bytes from traces.chunk where id = any($1) and ${between(keys)}`,
    [keys.map(({ id }) => id)],
  )
  const sizes = new Map(rows.map((row) => [nameOf(row), row.bytes]))
  const groups: ChunkKey[][] = []
  let left = 0
  for (const key of keys) {
    const bytes = sizes.get(nameOf(key))
    if (bytes === undefined) continue
    left -= bytes
    if (groups.length === 0 || left < 0) {
      groups.push([])
      left = AT_ONCE_BYTES - bytes
    }
    groups.at(-1)?.push(key)
  }
  return groups
}

const nameOf = ({ id, at }: { id: number; at: bigint | string }) => `${id} ${at}`

/** SQL that leaves out the partitions of other times. */
function between(keys: readonly ChunkKey[]): string {
  const ats = keys.map(({ at }) => at).sort((a, b) => (a < b ? -1 : 1))
  return `at between ${ats.at(0)} and ${ats.at(-1)}`
}
