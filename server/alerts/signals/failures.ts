import { isName } from "#server/failures/index.ts"
import type { Round, Series } from "./signal.ts"

export interface FailureReading {
  series: Series
  state: string
  /** Dead letters in the last five whole minutes. */
  recent: number
}

interface Row {
  id: number
  state: string
  exception_type: string | null
  consumer_group: string | null
  destination: string
  recent: string | null
}

/**
 * Failure groups of a cluster. Of the exception only its class is told: its sentence may quote what a masking rule hides,
 * and notifications leave the house.
 */
export function readFailures(round: Round): Promise<FailureReading[]> {
  return round.once("failures", async () => {
    const { rows } = await round.db.query<Row>(
      `select f.id, f.state, f.exception_type, f.consumer_group, f.destination, m.recent
       from failure_group f left join (
         select group_id, sum(messages) as recent from failure_minute
         where minute >= date_trunc('minute', $2::timestamptz) - interval '5 minutes'
           and minute < date_trunc('minute', $2::timestamptz) group by group_id) m on m.group_id = f.id
       where f.cluster_id = $1`,
      [round.cluster.id, new Date(round.at).toISOString()],
    )
    return rows.map((row) => ({
      series: round.series("failure", String(row.id), () => ({ labels: namesOf(row) })),
      state: row.state,
      recent: Number(row.recent ?? 0),
    }))
  })
}

/** Whoever wrote the dead letter wrote the class too: what is no name of one may be a value. */
function classOf(type: string | null): string {
  return type !== null && !/\s/.test(type) && isName(type) ? type : "unknown exception"
}

function namesOf(row: Row) {
  return {
    failure: String(row.id),
    destination: row.destination,
    exception: classOf(row.exception_type),
    ...(row.consumer_group === null ? {} : { group: row.consumer_group }),
  }
}
