import type { PlanState } from "#server/offsets/index.ts"

/** The states of a plan, as people read them. */
export const STATES: Record<PlanState, string> = {
  draft: "preview",
  armed: "armed",
  applying: "is being written",
  applied: "applied",
  partly: "applied in part",
  failed: "failed",
  expired: "expired",
  replaced: "replaced by a newer preview",
}
