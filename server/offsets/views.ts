/** What the pages are told of plans. Times are ms since the epoch; null is unknown, never zero. */
import type { PlanTotals } from "./line.ts"
import type { PlanLine, PlanState, Scope, Strategy } from "./model.ts"

export interface PlanSummary {
  id: string
  cluster: string
  group: string
  strategy: Strategy
  scope: Scope
  /** What it does, in a sentence. */
  what: string
  state: PlanState
  totals: PlanTotals
  createdAt: number
  createdBy: string
  armedUntil: number | null
  armedBy: string | null
  appliedAt: number | null
  appliedBy: string | null
  /** Why it ended as it did. */
  outcome: string | null
  undoOf: string | null
  replacedBy: string | null
  /** Null: nothing was written yet, so that there is nothing to take back. */
  snapshot: string | null
}

export interface Member {
  clientId: string
  host: string
}

export interface PlanView extends PlanSummary {
  groupType: string
  /** False: applying it makes the group. */
  existed: boolean
  warnings: string[]
  /** Who is in the group now; null: it cannot be read. An active group takes no commits from outside. */
  members: Member[] | null
  lines: PlanLine[]
  lineCount: number
}
