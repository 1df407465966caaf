export { interpolate } from "./end-history.ts"
export {
  Evaluator,
  type GroupEvaluation,
  type Needed,
  type Observation,
} from "./evaluate.ts"
export { warmEvaluator } from "./warm-up.ts"
