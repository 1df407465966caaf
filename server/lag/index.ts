export { interpolate } from "./end-history.ts"
export { Evaluator } from "./evaluate.ts"
export type { GroupEvaluation, Needed, Observation } from "./evaluation.ts"
export { warmEvaluator } from "./warm-up.ts"
