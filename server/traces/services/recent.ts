import type { Store } from "#server/store/index.ts"
import { nanoseconds } from "../times.ts"
import { type Burn, burnOf, readObjectives } from "./objectives.ts"
import { type CallsRow, type Red, RedSum } from "./red.ts"

/** The incoming calls of one service in some minutes. */
export interface RecentCalls extends Red {
  serviceId: number
  service: string
  /** Null where nothing is promised of it. */
  burn: Burn | null
}

/** Anything that runs SQL. */
type Database = Pick<Store["pool"], "query">

/** The requests that services served and the messages that they processed, from one whole minute to another, ms. */
export async function recentCalls(db: Database, from: number, to: number): Promise<RecentCalls[]> {
  const { rows } = await db.query<CallsRow & { service_id: number; service: string }>(
    `select o.service_id, s.name as service, c.status, c.sketch, c.slowest_ns, c.slowest_trace
     from traces.calls c join traces.operation o on o.id = c.operation_id join traces.service s on s.id = o.service_id
     where c.at >= $1 and c.at < $2 and o.kind in (2, 5)`,
    [nanoseconds(from), nanoseconds(to)],
  )
  const objectives = await readObjectives(db)
  return [...Map.groupBy(rows, (row) => row.service_id)].map(([serviceId, own]) => {
    const sum = new RedSum()
    for (const row of own) sum.add(row)
    const service = own[0]?.service ?? ""
    const objective = objectives.get(service)
    return { serviceId, service, ...sum.toRed(), burn: objective ? burnOf(objective, sum) : null }
  })
}
