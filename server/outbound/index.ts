export { connectOutside } from "./connect.ts"
export { OUTBOUND_VARIABLES, readOutboundPolicy } from "./policy.ts"
export { askOutside } from "./request.ts"
