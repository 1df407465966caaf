import type { Store } from "../store.ts"

/** From `at` (ms) on a group had this status, until the next one. */
export interface StatusChange {
  at: number
  status: string
}

export interface StatusSpan {
  clusterId: number
  groupId: number
  from: number
  to: number
}

/** Changes of a group's status within a span, in time order, after the one that held at its start, if that is known. */
export async function readStatuses(store: Store, span: StatusSpan): Promise<StatusChange[]> {
  const { rows } = await store.pool.query<{ at: Date; status: string }>(
    `(select at, status from series.group_status
       where cluster_id = $1 and group_id = $2 and at <= $3 order by at desc limit 1)
     union all
     (select at, status from series.group_status
       where cluster_id = $1 and group_id = $2 and at > $3 and at <= $4)
     order by at`,
    [span.clusterId, span.groupId, new Date(span.from), new Date(span.to)],
  )
  return rows.map(({ at, status }) => ({ at: at.getTime(), status }))
}
