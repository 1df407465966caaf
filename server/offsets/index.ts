export { applyPlan } from "./apply.ts"
export { armedInput, armInput, armPlan, cancelPlan, listArmed } from "./arm.ts"
export { applyArmed } from "./armed.ts"
export { getPlan, getPlanInput, planKey } from "./get-plan.ts"
export { listResets, resetsInput } from "./history.ts"
export type { PlanLine, PlanState, Scope, Strategy } from "./model.ts"
export { planRest } from "./plan-rest.ts"
export { previewInput, previewReset } from "./preview.ts"
export { undoPlan } from "./undo.ts"
export {
  type Member,
  type PlanSummary,
  type PlanView,
  planApplied,
  planArmed,
  planMade,
  planSummary,
  planView,
} from "./views.ts"
