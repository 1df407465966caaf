export { browse, browseInput } from "./browse.ts"
export { exportInput, exportMessages, exportValue } from "./export.ts"
export { type Content, getMessage, getMessageInput, type MessageDetail } from "./get-message.ts"
export { parseTree, printTree } from "./json.ts"
export { jsonAt, removeJson, setJson } from "./json-edit.ts"
export { getMasking, maskingInput, rememberFormats, rememberFormatsInput } from "./lens.ts"
export {
  addMaskingRule,
  addMaskingRuleInput,
  listMaskingRules,
  removeMaskingRule,
  removeMaskingRuleInput,
} from "./masking/edit-rules.ts"
export { HIDDEN, type Mask } from "./masking/mask.ts"
export { maskedSince, maskFor, maskForAll, rulesFor } from "./masking/mask-for.ts"
export { maskAgain, maskAgainInput, unmask, unmaskInput } from "./masking/unmask.ts"
export { produce, produceInput } from "./produce.ts"
export {
  followSearch,
  getSearch,
  listMatches,
  listSearches,
  listSearchesInput,
  matchesInput,
  type SearchView,
} from "./search/follow.ts"
export { listRunningSearches } from "./search/running.ts"
export {
  estimateSearch,
  jobInput,
  resumeSearch,
  searchInput,
  startSearch,
  stopSearch,
} from "./search/start.ts"
export {
  IN_DETAIL,
  lensUnder,
  type ShownHeader,
  type ShownMessage,
  type ShownPart,
  showMessages,
} from "./shown.ts"
export { tail, tailInput } from "./tail.ts"
export { ObjectTree, type Tree } from "./tree.ts"
