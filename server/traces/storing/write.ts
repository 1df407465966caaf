import type { PoolClient } from "pg"
import { type Store, transaction } from "#server/store/index.ts"
import { mergeCounts } from "../calls/counts.ts"
import { copy } from "./copy.ts"
import { CHUNK_COLUMNS, TRACE_COLUMNS } from "./copy-rows.ts"
import type { PreparedRequest } from "./prepare.ts"
import { copyCounts } from "./write-counts.ts"

/**
 * Stores requests, in one transaction: when it resolves, all are committed. One that was stored before, by whichever
 * receiver, is left out.
 */
export async function writeRequests(
  store: Pick<Store, "pool">,
  requests: readonly PreparedRequest[],
): Promise<void> {
  await transaction(store, async (client) => {
    const fresh = await claim(client, requests)
    await copyRequests(client, fresh)
  })
}

/** Writes the rows of requests within the caller's transaction, whether or not they are stored already. */
export async function copyRequests(client: PoolClient, requests: readonly PreparedRequest[]): Promise<void> {
  const chunks = requests.flatMap((request) => request.chunkRows)
  await copy(client, CHUNK_COLUMNS, chunks)
  const traces = requests.flatMap((request) => request.traceRows)
  await copy(client, TRACE_COLUMNS, traces)
  await copyCounts(client, mergeCounts(requests.map((request) => request.counts)))
}

/** The requests that are not stored yet. Another transaction that is storing one of them is waited for. */
async function claim(client: PoolClient, requests: readonly PreparedRequest[]): Promise<PreparedRequest[]> {
  const byDigest = new Map(requests.map((request) => [request.digest.toString("hex"), request]))
  // Always in the same order: two transactions with the same requests never wait for each other in a circle.
  const sorted = [...byDigest].sort(([a], [b]) => (a < b ? -1 : 1))
  const { rows } = await client.query<{ digest: string }>(
    `insert into traces.request (digest, at) select decode(digest, 'hex'), at
     from unnest($1::text[], $2::bigint[]) as given (digest, at)
     on conflict do nothing returning encode(digest, 'hex') as digest`,
    [sorted.map(([digest]) => digest), sorted.map(([, request]) => String(request.at))],
  )
  return rows.flatMap(({ digest }) => byDigest.get(digest) ?? [])
}
