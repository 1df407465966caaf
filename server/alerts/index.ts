export { acknowledge, acknowledgeInput } from "./acknowledge.ts"
export { backTest, backTestInput } from "./back-test/back-test.ts"
export {
  addChannel,
  addChannelInput,
  channelInput,
  listChannels,
  removeChannel,
  tryChannel,
} from "./channels/edit-channels.ts"
export { AlertEvaluator } from "./engine/evaluator.ts"
export { forgetAlerts } from "./forget-alerts.ts"
export { installationName } from "./installation.ts"
export { deliverChannel, dueChannels } from "./notify/deliver.ts"
export { dispatch } from "./notify/dispatch.ts"
export {
  getRouting,
  setRouting,
  setRoutingInput,
  whoReceives,
  whoReceivesInput,
} from "./notify/edit-routing.ts"
export { alertChart } from "./queries/alert-chart.ts"
export { alertSparks, alertSparksInput } from "./queries/alert-sparks.ts"
export { type AlertCount, countAlerts } from "./queries/count-alerts.ts"
export { firedBetween } from "./queries/fired-between.ts"
export { getAlert, getAlertInput } from "./queries/get-alert.ts"
export { countFiring, listAlerts, listAlertsInput } from "./queries/list-alerts.ts"
export { alertTimeline, timelineInput } from "./queries/timeline.ts"
export { readTrends, trendsInput } from "./queries/trends.ts"
export { ensureDefaultRules } from "./rules/defaults.ts"
export { exportRules, exportRulesInput } from "./rules/export-rules.ts"
export { followFileRules } from "./rules/follow-file.ts"
export { listAlertRules } from "./rules/list-rules.ts"
export { previewRule, previewRuleInput } from "./rules/preview-rule.ts"
export { syncFileRules } from "./rules/sync-file-rules.ts"
export {
  createRule,
  createRuleInput,
  enableRule,
  enableRuleInput,
  removeRule,
  resetRule,
  ruleVersionInput,
  updateRule,
  updateRuleInput,
} from "./rules/write-rules.ts"
export {
  addSilence,
  addSilenceInput,
  endSilence,
  endSilenceInput,
} from "./silences/edit-silences.ts"
export { listSilences, previewSilence, previewSilenceInput } from "./silences/list-silences.ts"
export { alertList, type FiredAlert, ruleList, silenceList } from "./views.ts"
