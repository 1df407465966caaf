export { type GrpcParts, listenGrpc } from "./receiving/grpc.ts"
export { otlpServer } from "./receiving/http.ts"
export { Receiver, type ReceiverCounts } from "./receiving/receiver.ts"
export { checkTokens } from "./receiving/tokens.ts"
