import type { Store } from "#server/store/index.ts"
import { SLOT_MS } from "../storing/partitions.ts"
import { MS_NS } from "../times.ts"

/** A chunk that may hold what is looked for. */
export interface Candidate {
  id: number
  at: bigint
  until: bigint
  longest: bigint
  spans: number
  service: string
}

export type Order = "newest" | "slowest"

export interface Looking {
  /** ns; starts of spans from the first on, and before the other. */
  from: bigint
  to: bigint
  order: Order
  /** SQL of chunkCondition. */
  condition: string | null
}

interface Row {
  id: number
  at: string
  until: string
  longest_ns: string
  spans: number
  service: string
}

/** No chunk is wider. */
const WIDTH_NS = BigInt(SLOT_MS) * MS_NS

/** Chunks in the order of the largest value that they can hold, after one of them. At most `most`. */
export async function candidates(
  store: Pick<Store, "pool">,
  { from, to, order, condition }: Looking,
  { after, most }: { after: Candidate | null; most: number },
): Promise<Candidate[]> {
  const column = order === "newest" ? "until" : "longest_ns"
  // `until` is bounded on both sides, so that its index is used from there on only.
  const within = `c.at >= ${from - WIDTH_NS} and c.at < ${to} and c.until >= ${from} and c.until < ${to + WIDTH_NS}`
  const value = after && (order === "newest" ? after.until : after.longest)
  const next = after ? ` and (c.${column}, c.id) < (${value}, ${after.id})` : ""
  const { rows } = await store.pool.query<Row>(
    `select c.id, c.at, c.until, c.longest_ns, c.spans, s.name as service
     from traces.chunk c join traces.service s on s.id = c.service_id
     where ${within}${next}${condition === null ? "" : ` and (${condition})`}
     order by c.${column} desc, c.id desc limit ${most}`,
  )
  return rows.map(({ id, at, until, longest_ns, spans, service }) => ({
    ...{ id, spans, service },
    ...{ at: BigInt(at), until: BigInt(until), longest: BigInt(longest_ns) },
  }))
}

/** How many spans the chunks hold that a search would look through at most. */
export async function spansBetween(
  store: Pick<Store, "pool">,
  { from, to, condition }: Omit<Looking, "order">,
): Promise<number> {
  const { rows } = await store.pool.query<{ spans: string | null }>(
    `select sum(c.spans) as spans from traces.chunk c
     where c.at >= ${from - WIDTH_NS} and c.at < ${to} and c.until >= ${from}${condition === null ? "" : ` and (${condition})`}`,
  )
  return Number(rows[0]?.spans ?? 0)
}
