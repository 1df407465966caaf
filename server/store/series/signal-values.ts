import { zstdCompressSync, zstdDecompressSync } from "node:zlib"
import type { PoolClient } from "pg"
import { type Keep, LEVEL_MS, type Level } from "./tables.ts"

/**
 * What one signal said of all its series within one bucket: per series the lowest, the highest and the last value. NaN: it
 * was unknown at the end of the bucket (last), or for all of it.
 */
export interface SignalBucket {
  /** Ids of public.signal_series. */
  ids: Int32Array
  low: Float64Array
  high: Float64Array
  last: Float64Array
}

export type SignalLevel = Exclude<Level, "raw">

export interface StoredBucket extends SignalBucket {
  /** The begin of the bucket, ms. */
  at: number
}

const DAY_MS = 86_400_000
/** More series than any cluster has; what claims to hold more is damaged. */
const MAX_SERIES = 10_000_000
const BYTES_PER_SERIES = 4 + 3 * 8
/** Buckets that are read ahead, packed. */
const PAGE = 32

/** ids, low, high and last one after another, little-endian, then zstd: neighbours are alike, so they shrink well. */
export function packBucket({ ids, low, high, last }: SignalBucket): Buffer {
  const parts = [ids, low, high, last].map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength))
  return zstdCompressSync(Buffer.concat(parts))
}

/** Throws a RangeError for what was not packed by `packBucket`. */
export function unpackBucket(body: Buffer): SignalBucket {
  const bytes = zstdDecompressSync(body, { maxOutputLength: MAX_SERIES * BYTES_PER_SERIES })
  const size = bytes.byteLength / BYTES_PER_SERIES
  if (!Number.isInteger(size)) throw new RangeError("The values of a signal are damaged.")
  // One copy, which begins so that all four columns are aligned.
  const start = size % 2 === 0 ? 0 : 4
  const own = new Uint8Array(start + bytes.byteLength)
  own.set(bytes, start)
  const floats = (at: number) => new Float64Array(own.buffer, start + size * (4 + at * 8), size)
  return {
    ids: new Int32Array(own.buffer, start, size),
    low: floats(0),
    high: floats(1),
    last: floats(2),
  }
}

/** Stores the buckets of several signals of one cluster. What is stored already stays: another collector wrote it. */
export async function writeSignalBuckets(
  client: Pick<PoolClient, "query">,
  level: SignalLevel,
  written: { clusterId: number; at: number; signals: ReadonlyMap<string, SignalBucket> },
): Promise<void> {
  if (written.signals.size === 0) return
  await client.query(
    `insert into series.signal_values_${level} (cluster_id, signal, at, body)
     select $1, x.signal, $2, x.body from unnest($3::text[], $4::bytea[]) as x(signal, body) on conflict do nothing`,
    [
      written.clusterId,
      new Date(written.at).toISOString(),
      [...written.signals.keys()],
      [...written.signals.values()].map(packBucket),
    ],
  )
}

/** The resolution that holds a span of signals, with at most `maxBuckets` buckets. */
export function signalLevelFor(
  span: { from: number; to: number; maxBuckets: number },
  kept: { now: number; keep: Keep },
): SignalLevel {
  const isKept = span.from > kept.now - kept.keep["1m"] * DAY_MS
  return isKept && (span.to - span.from) / LEVEL_MS["1m"] <= span.maxBuckets ? "1m" : "10m"
}

export interface SignalSpan {
  clusterId: number
  signal: string
  level: SignalLevel
  from: number
  to: number
  /** Only buckets that begin this close, ms, to the same time of another day. */
  near?: { at: number; withinMs: number }
}

/** The buckets of a signal of one cluster within a span, in order of time. */
export async function readSignalBuckets(
  db: Pick<PoolClient, "query">,
  span: SignalSpan,
): Promise<StoredBucket[]> {
  const packed = await readPacked(db, span, null)
  return packed.map(unpackStored)
}

/**
 * As `readSignalBuckets`, for spans of any size: one bucket at a time is unpacked, and a few are read ahead. Each page goes
 * on after the last moment of the one before, so that no cursor and no transaction stays open meanwhile.
 */
export async function* streamSignalBuckets(
  db: Pick<PoolClient, "query">,
  span: SignalSpan,
): AsyncGenerator<StoredBucket> {
  let { from } = span
  for (;;) {
    const packed = await readPacked(db, { ...span, from }, PAGE)
    for (const one of packed) yield unpackStored(one)
    const last = packed.at(-1)
    if (last === undefined || packed.length < PAGE) return
    from = last.at.getTime() + 1
  }
}

interface PackedBucket {
  at: Date
  body: Buffer
}

function unpackStored({ at, body }: PackedBucket): StoredBucket {
  return { at: at.getTime(), ...unpackBucket(body) }
}

async function readPacked(
  db: Pick<PoolClient, "query">,
  { clusterId, signal, level, from, to, near }: SignalSpan,
  limit: number | null,
): Promise<PackedBucket[]> {
  const { rows } = await db.query<PackedBucket>(
    `select at, body from series.signal_values_${level}
     where cluster_id = $1 and signal = $2 and at >= $3::timestamptz and at < $4::timestamptz
       and ($5::bigint is null
         or abs(mod(extract(epoch from at)::bigint - $5 + 43200 + 86400000000, 86400) - 43200) <= $6::int)
     order by at limit $7`,
    [
      clusterId,
      signal,
      new Date(from).toISOString(),
      new Date(to).toISOString(),
      near ? Math.round(near.at / 1000) : null,
      near ? near.withinMs / 1000 : null,
      limit,
    ],
  )
  return rows
}

/** What a signal said of one series within a bucket; NaN: unknown. */
export interface SignalRange {
  low: number
  high: number
  last: number
}

/** Builds a bucket from samples, or from finer buckets, in order of time. */
export class BucketBuilder {
  readonly #values = new Map<number, SignalRange>()

  get isEmpty(): boolean {
    return this.#values.size === 0
  }

  /** NaN: unknown. */
  add(id: number, { low, high, last }: SignalRange): void {
    const held = this.#values.get(id)
    if (!held) {
      this.#values.set(id, { low, high, last })
      return
    }
    held.low = least(held.low, low)
    held.high = most(held.high, high)
    held.last = last
  }

  addBucket(bucket: SignalBucket): void {
    bucket.ids.forEach((id, i) => {
      const at = (column: Float64Array) => column[i] ?? Number.NaN
      this.add(id, { low: at(bucket.low), high: at(bucket.high), last: at(bucket.last) })
    })
  }

  build(): SignalBucket {
    const ids = Int32Array.from(this.#values.keys()).sort()
    const column = (of: "low" | "high" | "last") =>
      Float64Array.from(ids, (id) => this.#values.get(id)?.[of] ?? Number.NaN)
    return { ids, low: column("low"), high: column("high"), last: column("last") }
  }
}

function least(a: number, b: number): number {
  if (Number.isNaN(a)) return b
  return Number.isNaN(b) ? a : Math.min(a, b)
}

function most(a: number, b: number): number {
  if (Number.isNaN(a)) return b
  return Number.isNaN(b) ? a : Math.max(a, b)
}
