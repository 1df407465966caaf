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

/** The statuses of one group: each holds from its moment (ms) until the next. */
export interface GroupStatuses {
  groupId: number
  name: string
  at: number[]
  statuses: string[]
}

/** As `readStatuses`, of all groups of a cluster, also of those that are deleted by now. */
export async function readAllStatuses(
  store: Store,
  span: Omit<StatusSpan, "groupId">,
): Promise<GroupStatuses[]> {
  const { rows } = await store.pool.query<{ id: number; name: string; at: Date[]; statuses: string[] }>(
    `with held as (
       select distinct on (group_id) group_id, at, status from series.group_status
       where cluster_id = $1 and at <= $2 order by group_id, at desc),
     changes as (
       select * from held union all
       select group_id, at, status from series.group_status where cluster_id = $1 and at > $2 and at <= $3)
     select g.id, g.name, array_agg(c.at order by c.at) as at, array_agg(c.status order by c.at) as statuses
     from changes c join consumer_group g on g.id = c.group_id
     where g.deleted_at is null or g.deleted_at > $2 group by g.id, g.name`,
    [span.clusterId, new Date(span.from), new Date(span.to)],
  )
  return rows.map(({ id, name, at, statuses }) => ({
    groupId: id,
    name,
    at: at.map((one) => one.getTime()),
    statuses,
  }))
}
