import { readDocument, readEach } from "#server/store/index.ts"
import { type Labels, labels as labelsSchema, matches } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { inhibitorOf, type Routing } from "./routing.ts"

/**
 * How long a cause still explains others after it was resolved, ms: replicas of a broker that is back need a while to catch
 * up, and the next description of a cluster that says so may be a minute away.
 */
const AFTERMATH_MS = 120_000

/** An alert that may explain others. */
export interface Cause {
  id: string
  labels: Labels
  sentence: string
}

/** The alerts that a rule of inhibition names as a source, and that fire or did so until just now. */
export async function readCauses(
  db: Database,
  { routing, now }: { routing: Routing; now: number },
  report: (error: unknown) => void,
): Promise<Cause[]> {
  if (routing.inhibitions.length === 0) return []
  const { rows } = await db.query<{ id: string; labels: unknown; sentence: string }>(
    `select id, labels, sentence from alert where state = 'firing' or (state = 'resolved' and resolved_at > $1)
     order by (state = 'firing') desc, id`,
    [new Date(now - AFTERMATH_MS).toISOString()],
  )
  const read = ({ id, labels, sentence }: (typeof rows)[number]) => ({
    id,
    sentence,
    labels: readDocument(labelsSchema, labels, `The labels of alert ${id}`),
  })
  return readEach(rows, read, report).filter(({ labels }) =>
    routing.inhibitions.some(({ source }) => matches(source, labels)),
  )
}

/** What fires and is explained, by the id of its cause. */
export function explainedBy<Alert extends { id: string; labels: Labels }>(
  routing: Routing,
  firing: readonly Alert[],
  causes: readonly Cause[],
): Map<string, Alert[]> {
  const explained = new Map<string, Alert[]>()
  if (causes.length === 0) return explained
  for (const alert of firing) {
    const cause = inhibitorOf(routing, alert, causes)
    if (cause) explained.set(cause.id, [...(explained.get(cause.id) ?? []), alert])
  }
  return explained
}
