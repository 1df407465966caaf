import {
  acknowledge,
  acknowledgeInput,
  addChannel,
  addChannelInput,
  addSilence,
  addSilenceInput,
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
  removeChannel,
  removeRule,
  resetRule,
  ruleVersionInput,
  setRouting,
  setRoutingInput,
  tryChannel,
  updateRule,
  updateRuleInput,
  whoReceives,
  whoReceivesInput,
} from "#server/alerts/index.ts"
import { procedure, router } from "../init.ts"

export const alerts = router({
  list: procedure("alert.list")
    .input(listAlertsInput)
    .query(({ ctx, input }) => listAlerts(ctx, input)),
  count: procedure("alert.list").query(({ ctx }) => countFiring(ctx)),
  acknowledge: procedure("alert.acknowledge")
    .input(acknowledgeInput)
    .mutation(({ ctx, input }) => acknowledge(ctx, input)),
  rules: procedure("alert.list").query(({ ctx }) => listAlertRules(ctx)),
  previewRule: procedure("alert.list")
    .input(previewRuleInput)
    .query(({ input }) => previewRule(input)),
  exportRules: procedure("alert.list")
    .input(exportRulesInput)
    .query(({ ctx, input }) => exportRules(ctx, input)),
  createRule: procedure("alert.rule")
    .input(createRuleInput)
    .mutation(({ ctx, input }) => createRule(ctx, input)),
  updateRule: procedure("alert.rule")
    .input(updateRuleInput)
    .mutation(({ ctx, input }) => updateRule(ctx, input)),
  resetRule: procedure("alert.rule")
    .input(ruleVersionInput)
    .mutation(({ ctx, input }) => resetRule(ctx, input)),
  removeRule: procedure("alert.rule")
    .input(ruleVersionInput)
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
  silences: procedure("alert.list").query(({ ctx }) => listSilences(ctx)),
  previewSilence: procedure("alert.silence")
    .input(previewSilenceInput)
    .query(({ ctx, input }) => previewSilence(ctx, input)),
  addSilence: procedure("alert.silence")
    .input(addSilenceInput)
    .mutation(({ ctx, input }) => addSilence(ctx, input)),
  endSilence: procedure("alert.silence", "alert.silence.end")
    .input(endSilenceInput)
    .mutation(({ ctx, input }) => endSilence(ctx, input)),
  routing: procedure("alert.channel").query(({ ctx }) => getRouting(ctx)),
  setRouting: procedure("alert.channel", "alert.routing")
    .input(setRoutingInput)
    .mutation(({ ctx, input }) => setRouting(ctx, input)),
  whoReceives: procedure("alert.channel")
    .input(whoReceivesInput)
    .query(({ ctx, input }) => whoReceives(ctx, input)),
})
