import type { Round, Subject } from "./signal.ts"

/** The keys of the stored series of a subject, by the id under which their values are kept. */
export async function seriesIds(round: Round, subject: Subject): Promise<Map<number, string>> {
  const { rows } = await round.db.query<{ id: number; key: string }>(
    "select id, key from signal_series where cluster_id = $1 and subject = $2",
    [round.cluster.id, subject],
  )
  return new Map(rows.map(({ id, key }) => [id, key]))
}
