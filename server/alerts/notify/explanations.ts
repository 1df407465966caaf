import type { Labels } from "../matcher.ts"
import type { Database } from "../signals/signal.ts"
import { readFiring } from "./alerts.ts"
import { explainedBy, readCauses } from "./causes.ts"
import { inhibitorOf, readRouting } from "./routing.ts"

/** Which alert explains which, now. */
export interface Explanations {
  /** null: nothing explains it. */
  causeOf(alert: { id: string; labels: Labels }): { id: string; sentence: string } | null
  /** How many that fire an alert explains. */
  explainedBy(id: string): number
}

export async function readExplanations(
  db: Database,
  now: number,
  report: (error: unknown) => void,
): Promise<Explanations> {
  const routing = await readRouting(db)
  const causes = await readCauses(db, { routing, now }, report)
  const explained = explainedBy(routing, causes.length === 0 ? [] : await readFiring(db, report), causes)
  return {
    causeOf: (alert) => {
      const cause = inhibitorOf(routing, alert, causes)
      return cause && { id: cause.id, sentence: cause.sentence }
    },
    explainedBy: (id) => explained.get(id)?.length ?? 0,
  }
}
