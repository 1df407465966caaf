import {
  addMaskingRule,
  addMaskingRuleInput,
  listMaskingRules,
  maskAgain,
  maskAgainInput,
  removeMaskingRule,
  removeMaskingRuleInput,
  unmask,
  unmaskInput,
} from "#server/messages/index.ts"
import { procedure, router } from "../init.ts"

export const masking = router({
  rules: procedure("masking.edit").query(({ ctx }) => listMaskingRules(ctx)),
  add: procedure("masking.edit", "masking.add")
    .input(addMaskingRuleInput)
    .mutation(({ ctx, input }) => addMaskingRule(ctx, input)),
  remove: procedure("masking.edit", "masking.remove")
    .input(removeMaskingRuleInput)
    .mutation(({ ctx, input }) => removeMaskingRule(ctx, input)),
  unmask: procedure("message.unmask")
    .input(unmaskInput)
    .mutation(({ ctx, input }) => unmask(ctx, input)),
  again: procedure("message.read", "message.mask")
    .input(maskAgainInput)
    .mutation(({ ctx, input }) => maskAgain(ctx, input)),
})
