/** Spans as they are received: what search and storage need is read, all else stays the bytes that came. */
export interface ReceivedSpan {
  /** The Span message, within the limits. */
  bytes: Buffer
  traceId: Buffer
  isRoot: boolean
  name: string
  /** 0 unspecified, 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number
  /** 0 unset, 1 ok, 2 error. */
  status: number
  /** Of eight bytes, little-endian: nanoseconds since the epoch. */
  start: Buffer
  /** The same in ms since the epoch, rounded down. */
  startMs: number
  durationNs: number
}

export interface ReceivedScope {
  /** Fields 1 and 3 of ScopeSpans, encoded: scope and schema URL. */
  head: Buffer
  spans: ReceivedSpan[]
}

export interface ReceivedResource {
  service: string
  /** Fields 1 and 3 of ResourceSpans, encoded: resource and schema URL. */
  head: Buffer
  scopes: ReceivedScope[]
}

/** The service of a resource that names none, as the SDKs call it. */
export const UNKNOWN_SERVICE = "unknown_service"
