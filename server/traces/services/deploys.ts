import type { Store } from "#server/store/index.ts"
import { msOfNs, nanoseconds } from "../times.ts"
import type { Minutes } from "./range.ts"

/** When a service was first seen with a version. */
export interface Deploy {
  /** The minute, ms. */
  at: number
  version: string
  /** The version before; null: none is known from what is stored. */
  previous: string | null
}

/** The versions of a service that were first seen within a range, by `service.version`. */
export async function readDeploys(
  store: Pick<Store, "pool">,
  service: string,
  { from, to }: Minutes,
): Promise<Deploy[]> {
  const { rows } = await store.pool.query<{ version: string; first: string }>(
    `select i.version, min(c.at) as first from traces.instance_calls c join traces.instance i on i.id = c.instance_id
     join traces.service s on s.id = i.service_id
     where s.name = $1 and i.version <> '' and c.at < $2 group by i.version order by first`,
    [service, nanoseconds(to)],
  )
  return rows.flatMap(({ version, first }, i) => {
    const at = msOfNs(first)
    const previous = rows[i - 1]?.version ?? null
    // The first version of all that is stored is no change.
    return previous === null || at < from ? [] : [{ at, version, previous }]
  })
}
