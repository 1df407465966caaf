import { Attributes, hexOf, type Value } from "../otlp/span.ts"

/** An attribute as it is shown; lists and maps are JSON. */
export interface AttributeView {
  key: string
  value: string
  /** What it was sent as; a number and a text of the same digits are not found by the same search. */
  type: "text" | "number" | "boolean" | "other"
}

export function attributesOf({ entries }: Attributes): AttributeView[] {
  return entries.map(([key, value]) => ({ key, value: shown(value), type: typeOf(value) }))
}

function typeOf(value: Value): AttributeView["type"] {
  if (typeof value === "string") return "text"
  if (typeof value === "boolean") return "boolean"
  return typeof value === "bigint" || typeof value === "number" ? "number" : "other"
}

export function shown(value: Value): string {
  if (typeof value === "string") return value
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === "bigint") return String(one)
    if (one instanceof Attributes) return Object.fromEntries(one.entries)
    return one instanceof Uint8Array ? hexOf(one) : one
  }).replace(/^"(-?\d+)"$/, "$1")
}
