import { fromForecast, whole } from "./known.ts"
import type { Reading, Round, Series } from "./signal.ts"

/** A consumer group as the last sweep judged it; null: unknown. */
export interface GroupReading {
  series: Series
  status: string
  sentence: string
  lag: number | null
  timeLag: number | null
  lost: number | null
  /** ms; infinite: never. */
  caughtUpIn: number | null
  lostIn: number | null
  consumeRate: number | null
  members: number | null
}

interface Row {
  id: number
  name: string
  current: boolean
  status: string
  sentence: string
  lag: string | null
  time_lag_ms: string | null
  lost: string | null
  unknown_partitions: number
  unknown_time_lags: number
  consume_rate: number | null
  rates_partial: boolean
  caught_up_in_ms: string | null
  lost_in_ms: string | null
  members: number | null
}

/** All groups of a cluster. A total that lacks a part is unknown here: a lower bound must neither fire nor resolve. */
export function readGroups(round: Round): Promise<GroupReading[]> {
  return round.once("groups", async () => {
    const { rows } = await round.db.query<Row>(
      `select g.id, g.name, s.sampled_at = $2 as current, s.status, s.sentence, s.lag, s.time_lag_ms, s.lost,
         s.unknown_partitions, s.unknown_time_lags, s.consume_rate, s.rates_partial, s.caught_up_in_ms, s.lost_in_ms,
         case when g.state in ('empty', 'dead') then 0 else g.members end as members
       from consumer_group g join group_state s on s.group_id = g.id
       where g.cluster_id = $1 and g.deleted_at is null`,
      [round.cluster.id, new Date(round.at)],
    )
    return rows.map((row) => toReading(round, row))
  })
}

/** One number of every group, as a signal's readings. */
export async function ofGroups(
  round: Round,
  value: (group: GroupReading) => number | string | null,
): Promise<Reading[]> {
  const groups = await readGroups(round)
  return groups.map((group) => ({ series: group.series, value: value(group) }))
}

function toReading(round: Round, row: Row): GroupReading {
  const series = round.series("group", String(row.id), () => ({ labels: { group: row.name } }))
  const known = row.current && row.unknown_partitions === 0
  return {
    series,
    status: row.current ? row.status : "unknown",
    sentence: row.sentence,
    lag: whole(row.lag, known),
    timeLag: whole(row.time_lag_ms, row.current && row.unknown_time_lags === 0),
    lost: whole(row.lost, known),
    caughtUpIn: row.current ? fromForecast(row.caught_up_in_ms) : null,
    lostIn: row.current ? fromForecast(row.lost_in_ms) : null,
    consumeRate: row.current && !row.rates_partial ? row.consume_rate : null,
    members: row.members,
  }
}
