/** A value of an attribute. 64-bit integers are bigint, doubles are numbers. */
export type Value = string | boolean | bigint | number | null | Uint8Array | Value[] | Attributes

/** In the order in which they came; a key may come twice. */
export class Attributes {
  readonly entries: readonly (readonly [key: string, value: Value])[]

  constructor(entries: readonly (readonly [key: string, value: Value])[]) {
    this.entries = entries
  }
}

export interface Resource {
  attributes: Attributes
  droppedAttributes: number
  schemaUrl: string
}

export interface Scope extends Resource {
  name: string
  version: string
}

export interface SpanEvent {
  timeNs: bigint
  name: string
  attributes: Attributes
  droppedAttributes: number
}

export interface SpanLink {
  /** Hexadecimal, as the other ids. */
  traceId: string
  spanId: string
  traceState: string
  flags: number
  attributes: Attributes
  droppedAttributes: number
}

/** A span with all that came with it. */
export interface Span {
  traceId: string
  spanId: string
  /** Empty for a root. */
  parentId: string
  traceState: string
  flags: number
  name: string
  kind: number
  startNs: bigint
  endNs: bigint
  attributes: Attributes
  droppedAttributes: number
  events: SpanEvent[]
  droppedEvents: number
  links: SpanLink[]
  droppedLinks: number
  status: { code: number; message: string }
  resource: Resource
  scope: Scope
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
