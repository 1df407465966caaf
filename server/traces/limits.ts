/**
 * What is kept of one span, resource or scope at most. What exceeds a limit is cut, counted (`Cuts`) and marked on the
 * span by the attribute `signalbox.cut`; the dropped counts of OTLP say how many are missing.
 */
export const LIMITS = {
  /** Attributes of a span, a resource or a scope. */
  attributes: 256,
  /** Attributes of one event or link. */
  innerAttributes: 128,
  events: 1024,
  links: 1024,
  /** Bytes of an attribute's key: an attribute with a longer one is dropped. */
  keyBytes: 1024,
  /** Bytes of a text (a value, a name, a message), which is shortened, and of a list or map, which is dropped. */
  valueBytes: 65_536,
  /** Lists and maps within each other; an attribute that goes deeper is dropped. */
  depth: 16,
} as const

/** Bytes of a request's body, after decompression: what the OpenTelemetry Collector accepts by default is 20 MiB. */
export const MAX_BODY_BYTES = 16 << 20

/** What was cut of the spans of a request, by what it was. */
export interface Cuts {
  attributes: number
  values: number
  events: number
  links: number
}

export function noCuts(): Cuts {
  return { attributes: 0, values: 0, events: 0, links: 0 }
}

/** Such as "2 attributes dropped, 1 value shortened"; empty when nothing was cut. */
export function sayCuts(cuts: Cuts): string {
  const parts = [
    said(cuts.attributes, "attribute", "dropped"),
    said(cuts.values, "value", "shortened"),
    said(cuts.events, "event", "dropped"),
    said(cuts.links, "link", "dropped"),
  ]
  return parts.filter((part) => part !== "").join(", ")
}

function said(count: number, what: string, how: string): string {
  return count === 0 ? "" : `${count} ${what}${count === 1 ? "" : "s"} ${how}`
}
