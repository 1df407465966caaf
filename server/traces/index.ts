export { maintainTraces } from "./maintain.ts"
export type { AttributeView } from "./queries/attribute-view.ts"
export { exportTrace, exportTraceInput } from "./queries/export-trace.ts"
export { findInTrace, findInTraceInput } from "./queries/find-in-trace.ts"
export { getSpan, getSpanInput } from "./queries/get-span.ts"
export { getTrace, getTraceInput } from "./queries/get-trace.ts"
export { type LinkedSpan, type LinkedSpans, linkedSpans, linkedSpansInput } from "./queries/linked-spans.ts"
export { listOperations, listOperationsInput, type OperationList } from "./queries/list-operations.ts"
export type { OperationCalls } from "./queries/operation-calls.ts"
export { type GrpcParts, listenGrpc } from "./receiving/grpc.ts"
export { otlpServer, zipkinServer } from "./receiving/http.ts"
export { consumeSpans } from "./receiving/kafka.ts"
export { Receiver, type ReceiverCounts } from "./receiving/receiver.ts"
export { Tls } from "./receiving/tls.ts"
export { SpanTokens } from "./receiving/tokens.ts"
export type { Hit } from "./search/hit.ts"
export {
  type MessageTrace,
  messagePlaces,
  messagePlacesInput,
  messageTraces,
  messageTracesInput,
} from "./search/message-traces.ts"
export { search, searchInput } from "./search/search.ts"
export { type SearchProgress, searchAll } from "./search/stream.ts"
export {
  suggestKeys,
  suggestKeysInput,
  suggestValues,
  suggestValuesInput,
} from "./search/suggest.ts"
export { type Consumer, consumersInput, listConsumers } from "./services/consumers.ts"
export type { EdgeView } from "./services/edge-view.ts"
export { listErrors, type ServiceError } from "./services/errors.ts"
export { getService, type ServiceOperation, type ServiceView } from "./services/get-service.ts"
export { type InstanceList, type InstanceRow, listInstances } from "./services/instances.ts"
export { listServices, type ServiceList, type ServiceRow } from "./services/list-services.ts"
export { listNeighbours, type Neighbours } from "./services/neighbours.ts"
export { setObjective, setObjectiveInput } from "./services/objectives.ts"
export { listPeers, type ServicePeer } from "./services/peers.ts"
export { rangeInput, serviceInput } from "./services/range.ts"
export { type RecentCalls, recentCalls } from "./services/recent.ts"
export type { Red } from "./services/red.ts"
export {
  declareRetention,
  type StorageUse,
  setRetention,
  setRetentionInput,
  storageUse,
} from "./settings/retention.ts"
export {
  createSpanToken,
  createSpanTokenInput,
  listSpanTokens,
  revokeSpanToken,
  revokeSpanTokenInput,
  type SpanTokenRow,
} from "./settings/tokens.ts"
export type { SpanDetail, SpanView } from "./view/span-view.ts"
export type { TraceView } from "./view/trace-view.ts"
