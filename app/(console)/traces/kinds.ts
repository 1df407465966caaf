/** OpenTelemetry's kinds of spans, by number. */
export const KINDS = ["unspecified", "internal", "server", "client", "producer", "consumer"]
