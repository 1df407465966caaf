export {
  listRules,
  listRulesInput,
  type RuleList,
  removeRule,
  removeRuleInput,
  saveRule,
  saveRuleInput,
} from "./edit-rules.ts"
export { failureInput } from "./find-failure-group.ts"
export { isName } from "./frame.ts"
export { watchFailures } from "./indexing/watch.ts"
export { getFailure } from "./queries/get.ts"
export { listLetters, listLettersInput } from "./queries/letters.ts"
export { countFailures, listFailures, listFailuresInput } from "./queries/list.ts"
export { readLetter, readLetterInput } from "./queries/read-letter.ts"
export { failureTrend, failureTrendInput } from "./queries/trend.ts"
export { controlReplay, controlReplayInput } from "./replay/control.ts"
export { deriveMend, deriveMendInput } from "./replay/derive.ts"
export { runReplays } from "./replay/jobs.ts"
export { listOpenReplays, listReplays, listReplaysInput } from "./replay/list.ts"
export { planReplay, planReplayInput } from "./replay/plan.ts"
export { startReplay, startReplayInput } from "./replay/start.ts"
export { triage, triageInput } from "./triage.ts"
export type {
  FailureDetail,
  FailureEventView,
  FailureState,
  LetterRow,
  LetterView,
  MessageView,
  ReplayView,
} from "./views.ts"
export { FAILURE_STATES } from "./views.ts"
