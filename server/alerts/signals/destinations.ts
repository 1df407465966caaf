import type { Reading, Round, Series } from "./signal.ts"

/** A destination as the last sweep and the last description tell it; null: unknown. */
export interface DestinationReading {
  series: Series
  internal: boolean
  produceRate: number | null
  underReplicated: number
  underMinIsr: number
  offline: number
}

interface Row {
  id: number
  name: string
  internal: boolean
  produce_rate: number | null
  rate_partial: boolean
  under_replicated: number
  under_min_isr: number
  offline: number
}

/** All destinations of a cluster. */
export function readDestinations(round: Round): Promise<DestinationReading[]> {
  return round.once("destinations", async () => {
    const { rows } = await round.db.query<Row>(
      `select id, name, internal, produce_rate, rate_partial, under_replicated, under_min_isr, offline
       from destination where cluster_id = $1 and deleted_at is null`,
      [round.cluster.id],
    )
    return rows.map((row) => ({
      series: round.series("destination", String(row.id), () => ({ labels: { destination: row.name } })),
      internal: row.internal,
      produceRate: row.rate_partial ? null : row.produce_rate,
      underReplicated: row.under_replicated,
      underMinIsr: row.under_min_isr,
      offline: row.offline,
    }))
  })
}

/** One number of every destination, as a signal's readings. */
export async function ofDestinations(
  round: Round,
  value: (destination: DestinationReading) => number | null,
): Promise<Reading[]> {
  const destinations = await readDestinations(round)
  return destinations.map((one) => ({ series: one.series, value: value(one) }))
}
