import { CONSUMER, PRODUCER } from "../kinds.ts"

/** What the analysis of a trace needs of a span. */
export interface TimedSpan {
  spanId: string
  /** Empty for a root. */
  parentId: string
  service: string
  /** Whose clock its times are by. */
  host: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  isError: boolean
  /** Whole ns after the trace's first span began, so that sums are exact. */
  startNs: number
  endNs: number
  /** What it does with a message; null: nothing. */
  messaging: "send" | "receive" | null
  links: readonly SpanPlace[]
}

/** Names a span of any trace. */
export interface SpanPlace {
  traceId: string
  spanId: string
}

export function isReceiving({ kind, messaging }: Pick<TimedSpan, "kind" | "messaging">): boolean {
  return messaging === "receive" || (messaging === null && kind === CONSUMER)
}

export function isSending({ kind, messaging }: Pick<TimedSpan, "kind" | "messaging">): boolean {
  return messaging === "send" || (messaging === null && kind === PRODUCER)
}
