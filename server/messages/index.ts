export { ExactNumber, parseJson, printJson } from "./json.ts"
export {
  addMaskingRule,
  addMaskingRuleInput,
  listMaskingRules,
  removeMaskingRule,
  removeMaskingRuleInput,
} from "./masking/edit-rules.ts"
export { HIDDEN, type Mask } from "./masking/mask.ts"
export { type MaskFor, maskFor } from "./masking/mask-for.ts"
export { maskAgain, maskAgainInput, unmask, unmaskInput } from "./masking/unmask.ts"
