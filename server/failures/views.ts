import type { ShownHeader, ShownPart } from "#server/messages/index.ts"

export const FAILURE_STATES = ["open", "regressed", "resolved", "ignored"] as const
export type FailureState = (typeof FAILURE_STATES)[number]

/** A failure group as lists show it. Times in ms since the epoch. */
export interface FailureRow {
  id: number
  cluster: string
  clusterName: string
  state: FailureState
  assignee: string | null
  /** Class of the exception without its package; null: unknown. */
  type: string | null
  message: string
  consumerGroup: string | null
  destination: string
  firstSeenAt: number
  lastSeenAt: number
  /** Ever seen. */
  messages: number
  failedAgain: number
  /** Dead letters in each of the last 36 five-minute steps, the oldest first. */
  trend: number[]
}

export interface FailureDetail extends Omit<FailureRow, "trend"> {
  stateAt: number
  exceptionType: string | null
  frame: string | null
  version: string | null
  exampleMessage: string | null
  exampleStack: string | null
  /** Dead letters that the broker still has. */
  present: number
  /** Of these: how many were replayed. */
  replayed: number
  /** Partitions of the original destination that they came from. */
  partitions: number
  /** Where they lie now. */
  deadDestinations: string[]
  /** The partitions there that hold them, in order. */
  deadPartitions: number[]
  /** Why some cannot be read now. */
  problems: string[]
  events: FailureEventView[]
}

export interface FailureEventView {
  id: number
  at: number
  actor: string
  kind: string
  text: string
}

export interface LetterRow {
  id: string
  at: number
  destination: string
  partition: number
  offset: string
  original: { destination: string; partition: number | null; offset: string | null } | null
  attempts: number | null
  bytes: number
  /** Whether it had been replayed before it failed. */
  failedAgain: boolean
  replayed: boolean
}

/** A message as the lens shows it (server/messages/shown.ts): decoded by its schema, masked. */
export interface MessageView {
  destination: string
  partition: number
  offset: string
  /** Its timestamp in decimal digits, as it stands there; null: none. */
  at: string | null
  key: ShownPart
  value: ShownPart
  /** `own`: it is of the dialect, and taken off before the message is sent again. */
  headers: (ShownHeader & { own: boolean })[]
  /** Whether key and value are text and shown whole, so that they can be edited. */
  editable: { key: boolean; value: boolean }
}

export interface LetterView {
  row: LetterRow
  dead: MessageView | null
  original: MessageView | null
  /** Why there is no dead message or no original; in sentences. */
  missing: string[]
  /** How many masking rules hide parts of it now. */
  masked: boolean
  exception: { type: string | null; message: string | null; stack: string | null }
}

export interface ReplayView {
  id: string
  cluster: string
  failure: number
  state: string
  reason: string | null
  createdBy: string
  createdAt: number
  finishedAt: number | null
  target: string | null
  rateLimit: number | null
  total: number
  sent: number
  /** Chosen, but not sent. */
  missing: number
  /** Why they were not, the most frequent reasons first. */
  notSent: { reason: string; messages: number }[]
  failedAgain: number
  /** Messages a second, lately; null: unknown or not running. */
  rate: number | null
  /** ms until all are sent; null: unknown. */
  leftMs: number | null
}
