import { z } from "zod"
import { readDocument, readEach } from "#server/store/index.ts"
import { matchers } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { recurrence, type Silence } from "./window.ts"

interface Row {
  id: string
  matchers: unknown
  starts_at: Date
  ends_at: Date | null
  recurrence: unknown
  clusters: unknown
}

/** The silences that may hold after `since`, ended ones too. One that cannot be read is told to `report`; it silences nothing. */
export async function readSilences(
  db: Database,
  since: number,
  report: (error: unknown) => void,
): Promise<Silence[]> {
  const { rows } = await db.query<Row>(
    "select id, matchers, starts_at, ends_at, recurrence, clusters from alert_silence where ends_at is null or ends_at > $1",
    [new Date(since).toISOString()],
  )
  return readEach(rows, toSilence, report)
}

export function toSilence(row: Row): Silence {
  const of = `The silence ${row.id}`
  return {
    id: row.id,
    matchers: readDocument(matchers, row.matchers, of),
    startsAt: row.starts_at.getTime(),
    endsAt: row.ends_at?.getTime() ?? null,
    recurrence: readDocument(recurrence.nullable(), row.recurrence, of),
    clusters: readDocument(z.array(z.string()), row.clusters, of),
  }
}
