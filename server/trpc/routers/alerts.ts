import {
  acknowledge,
  acknowledgeInput,
  addChannel,
  addChannelInput,
  backTest,
  backTestInput,
  channelInput,
  countFiring,
  createRule,
  createRuleInput,
  enableRule,
  enableRuleInput,
  exportRules,
  exportRulesInput,
  listAlertRules,
  listAlerts,
  listAlertsInput,
  listChannels,
  previewRule,
  previewRuleInput,
  removeChannel,
  removeRule,
  resetRule,
  ruleVersionInput,
  tryChannel,
  updateRule,
  updateRuleInput,
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
})
