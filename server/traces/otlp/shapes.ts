import { LIMITS } from "../limits.ts"
import { BYTES, FIXED32, FIXED64, VARINT } from "./cursor.ts"

/** What must hold of a message of OTLP, and what of it may be cut. Field numbers are those of opentelemetry-proto 1.9. */
export interface Shape {
  name: string
  /** Wire types by field number; fields that are not listed are of a later OTLP and kept as they are. */
  wires: readonly (number | undefined)[]
  attributes?: { field: number; dropped: number; most: number }
  /** Repeated messages within. */
  lists: readonly { field: number; dropped: number; most: number; shape: Shape; cut: "events" | "links" }[]
  /** Single messages within. */
  inner: readonly { field: number; shape: Shape }[]
  texts: readonly number[]
}

const EVENT: Shape = {
  name: "event",
  wires: [undefined, FIXED64, BYTES, BYTES, VARINT],
  attributes: { field: 3, dropped: 4, most: LIMITS.innerAttributes },
  lists: [],
  inner: [],
  texts: [2],
}

const LINK: Shape = {
  name: "link",
  wires: [undefined, BYTES, BYTES, BYTES, BYTES, VARINT, FIXED32],
  attributes: { field: 4, dropped: 5, most: LIMITS.innerAttributes },
  lists: [],
  inner: [],
  texts: [3],
}

const STATUS: Shape = {
  name: "status",
  wires: [undefined, undefined, BYTES, VARINT],
  lists: [],
  inner: [],
  texts: [2],
}

export const SPAN: Shape = {
  name: "span",
  wires: [
    undefined,
    BYTES,
    BYTES,
    BYTES,
    BYTES,
    BYTES,
    VARINT,
    FIXED64,
    FIXED64,
    BYTES,
    VARINT,
    BYTES,
    VARINT,
    BYTES,
    VARINT,
    BYTES,
    FIXED32,
  ],
  attributes: { field: 9, dropped: 10, most: LIMITS.attributes },
  lists: [
    { field: 11, dropped: 12, most: LIMITS.events, shape: EVENT, cut: "events" },
    { field: 13, dropped: 14, most: LIMITS.links, shape: LINK, cut: "links" },
  ],
  inner: [{ field: 15, shape: STATUS }],
  texts: [3, 5],
}

export const RESOURCE: Shape = {
  name: "resource",
  wires: [undefined, BYTES, VARINT],
  attributes: { field: 1, dropped: 2, most: LIMITS.attributes },
  lists: [],
  inner: [],
  texts: [],
}

export const SCOPE: Shape = {
  name: "scope",
  wires: [undefined, BYTES, BYTES, BYTES, VARINT],
  attributes: { field: 3, dropped: 4, most: LIMITS.attributes },
  lists: [],
  inner: [],
  texts: [1, 2],
}
