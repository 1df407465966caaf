import type { Store } from "#server/store/index.ts"
import { spansIn } from "#server/traces/search/stored-span.ts"
import { readBodies } from "#server/traces/storing/bodies.ts"

/** How many spans are stored of each trace, by its id: each as often as it is stored. */
export async function spansByTrace(store: Store): Promise<Map<string, number>> {
  const { rows } = await store.pool.query<{ id: number; at: string }>("select id, at from traces.chunk")
  const bodies = readBodies(
    store,
    rows.map(({ id, at }) => ({ id, at: BigInt(at) })),
  )
  const spans = new Map<string, number>()
  for await (const { data, service } of bodies)
    for (const { head } of spansIn(data, service)) {
      const id = head.traceId.toString("hex")
      spans.set(id, (spans.get(id) ?? 0) + 1)
    }
  return spans
}
