import {
  acknowledge,
  acknowledgeInput,
  addChannel,
  addChannelInput,
  backTest,
  backTestInput,
  channelInput,
  countFiring,
  enableRule,
  enableRuleInput,
  listAlertRules,
  listAlerts,
  listAlertsInput,
  listChannels,
  removeChannel,
  tryChannel,
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
