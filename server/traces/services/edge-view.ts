import type { OperationRow } from "./read-calls.ts"

/** Calls from one operation to another, as samples of whole traces have them. */
export interface EdgeView {
  caller: Omit<OperationRow, "id">
  callee: Omit<OperationRow, "id">
  /** In the sample. */
  callers: number
  calls: number
  errors: number
  retries: number
  /** What the calls before failed with, most often; "" for none. */
  retriedAfter: string
  timeouts: number
  /** Callees that went on after their caller had given up. */
  overtime: number
  /** Calls for each call of the caller that makes any. */
  callsPerCaller: number
  traceId: string
}

export interface DeliveryView {
  consumer: Omit<OperationRow, "id">
  messages: number
  repeated: number
  traceId: string
}
