export { getTrace, getTraceInput, type SpanView, type TraceView } from "./queries/get-trace.ts"
export { listOperations, listOperationsInput, type OperationList } from "./queries/list-operations.ts"
export type { OperationCalls } from "./queries/operation-calls.ts"
export { type GrpcParts, listenGrpc } from "./receiving/grpc.ts"
export { otlpServer } from "./receiving/http.ts"
export { Receiver, type ReceiverCounts } from "./receiving/receiver.ts"
export { checkTokens } from "./receiving/tokens.ts"
export { search, searchInput } from "./search/search.ts"
export { searchAll } from "./search/stream.ts"
export {
  suggestKeys,
  suggestKeysInput,
  suggestValues,
  suggestValuesInput,
} from "./search/suggest.ts"
