/*
 * Kinds and statuses of spans by the numbers that OTLP has for them.
 * https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/trace/v1/trace.proto
 */
export const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"] as const
export const STATUSES = ["unset", "ok", "error"] as const

export const SERVER = 2
export const CLIENT = 3
export const PRODUCER = 4
export const CONSUMER = 5

/** The status of a span that failed. */
export const ERROR = 2

/** Whether a service is called by it: a request that it serves, or a message that it processes. */
export function isIncoming({ kind }: { kind: number }): boolean {
  return kind === SERVER || kind === CONSUMER
}
