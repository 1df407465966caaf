import { z } from "zod"
import {
  acknowledge,
  acknowledgeInput,
  addChannel,
  addChannelInput,
  addSilence,
  addSilenceInput,
  alertChart,
  alertList,
  alertSparks,
  alertSparksInput,
  alertTimeline,
  backTest,
  backTestInput,
  channelInput,
  countFiring,
  createRule,
  createRuleInput,
  enableRule,
  enableRuleInput,
  endSilence,
  endSilenceInput,
  exportRules,
  exportRulesInput,
  getAlert,
  getAlertInput,
  getRouting,
  listAlertRules,
  listAlerts,
  listAlertsInput,
  listChannels,
  listSilences,
  previewRule,
  previewRuleInput,
  previewSilence,
  previewSilenceInput,
  readTrends,
  removeChannel,
  removeRule,
  resetRule,
  ruleList,
  ruleVersionInput,
  setRouting,
  setRoutingInput,
  silenceList,
  timelineInput,
  trendsInput,
  tryChannel,
  updateRule,
  updateRuleInput,
  whoReceives,
  whoReceivesInput,
} from "#server/alerts/index.ts"
import { procedure, router } from "../init.ts"

const api = (method: "GET" | "POST" | "PUT" | "DELETE", path: `/${string}`, summary: string) => ({
  ...{ method, path, summary, tags: ["Alerts"] },
})
const made = z.object({ id: z.string() })

export const alerts = router({
  list: procedure(
    "alert.list",
    undefined,
    api("GET", "/alerts", "Alerts that fire or are pending, or the resolved ones."),
  )
    .input(listAlertsInput)
    .output(alertList)
    .query(({ ctx, input }) => listAlerts(ctx, input)),
  get: procedure("alert.list")
    .input(getAlertInput)
    .query(({ ctx, input }) => getAlert(ctx, input)),
  chart: procedure("alert.list")
    .input(getAlertInput)
    .query(({ ctx, input }) => alertChart(ctx, input)),
  sparks: procedure("alert.list")
    .input(alertSparksInput)
    .query(({ ctx, input }) => alertSparks(ctx, input)),
  timeline: procedure("alert.list")
    .input(timelineInput)
    .query(({ ctx, input }) => alertTimeline(ctx, input)),
  trends: procedure("alert.list")
    .input(trendsInput)
    .query(({ ctx, input }) => readTrends(ctx, input)),
  count: procedure("alert.list").query(({ ctx }) => countFiring(ctx)),
  acknowledge: procedure(
    "alert.acknowledge",
    undefined,
    api("POST", "/alerts/{id}/acknowledge", "Acknowledge a firing alert, or take that back."),
  )
    .input(acknowledgeInput)
    .output(z.void())
    .mutation(({ ctx, input }) => acknowledge(ctx, input)),
  rules: procedure(
    "alert.list",
    undefined,
    api("GET", "/rules", "The alert rules, and the signals that rules can watch."),
  )
    .output(ruleList)
    .query(({ ctx }) => listAlertRules(ctx)),
  previewRule: procedure("alert.list")
    .input(previewRuleInput)
    .query(({ input }) => previewRule(input)),
  exportRules: procedure("alert.list")
    .input(exportRulesInput)
    .query(({ ctx, input }) => exportRules(ctx, input)),
  createRule: procedure("alert.rule", undefined, api("POST", "/rules", "Add an alert rule."))
    .input(createRuleInput)
    .output(made)
    .mutation(({ ctx, input }) => createRule(ctx, input)),
  updateRule: procedure("alert.rule", undefined, api("PUT", "/rules/{id}", "Replace an alert rule."))
    .input(updateRuleInput)
    .output(z.void())
    .mutation(({ ctx, input }) => updateRule(ctx, input)),
  resetRule: procedure("alert.rule")
    .input(ruleVersionInput)
    .mutation(({ ctx, input }) => resetRule(ctx, input)),
  removeRule: procedure("alert.rule", undefined, api("DELETE", "/rules/{id}", "Delete an alert rule."))
    .input(ruleVersionInput)
    .output(z.void())
    .mutation(({ ctx, input }) => removeRule(ctx, input)),
  enableRule: procedure("alert.rule")
    .input(enableRuleInput)
    .mutation(({ ctx, input }) => enableRule(ctx, input)),
  backTest: procedure("alert.list")
    .input(backTestInput)
    .query(({ ctx, input }) => backTest(ctx, input)),
  channels: procedure("alert.channel").query(({ ctx }) => listChannels(ctx)),
  addChannel: procedure("alert.channel", "alert.channel.add")
    .input(addChannelInput)
    .mutation(({ ctx, input }) => addChannel(ctx, input)),
  removeChannel: procedure("alert.channel", "alert.channel.remove")
    .input(channelInput)
    .mutation(({ ctx, input }) => removeChannel(ctx, input)),
  tryChannel: procedure("alert.channel", "alert.channel.test")
    .input(channelInput)
    .mutation(({ ctx, input }) => tryChannel(ctx, input)),
  silences: procedure(
    "alert.list",
    undefined,
    api("GET", "/silences", "Silences that hold, will, or did until lately."),
  )
    .output(silenceList)
    .query(({ ctx }) => listSilences(ctx)),
  previewSilence: procedure("alert.silence")
    .input(previewSilenceInput)
    .query(({ ctx, input }) => previewSilence(ctx, input)),
  addSilence: procedure(
    "alert.silence",
    undefined,
    api("POST", "/silences", "Silence the alerts that match."),
  )
    .input(addSilenceInput)
    .output(made)
    .mutation(({ ctx, input }) => addSilence(ctx, input)),
  endSilence: procedure(
    "alert.silence",
    "alert.silence.end",
    api("POST", "/silences/{id}/end", "End a silence now."),
  )
    .input(endSilenceInput)
    .output(z.void())
    .mutation(({ ctx, input }) => endSilence(ctx, input)),
  routing: procedure("alert.channel").query(({ ctx }) => getRouting(ctx)),
  setRouting: procedure("alert.channel", "alert.routing")
    .input(setRoutingInput)
    .mutation(({ ctx, input }) => setRouting(ctx, input)),
  whoReceives: procedure("alert.channel")
    .input(whoReceivesInput)
    .query(({ ctx, input }) => whoReceives(ctx, input)),
})
