import { readSignalSeries } from "#server/store/index.ts"
import type { Round, Subject } from "./signal.ts"

/** The keys of the stored series of a subject, by the id under which their values are kept. */
export async function seriesIds(round: Round, subject: Subject): Promise<Map<number, string>> {
  const rows = await readSignalSeries(round.db, { clusterId: round.cluster.id, subject })
  return new Map(rows.map(({ id, key }) => [id, key]))
}
