import { hexOf, type Span, type Value } from "../otlp/span.ts"
import { aliasOf, Facts } from "./facts.ts"

/** What the attributes of a span say by the table of conventions. */
export function factsOf({ attributes }: Pick<Span, "attributes">): Facts {
  const facts = new Facts()
  for (const [key, value] of attributes.entries) {
    const alias = aliasOf(key)
    const text = alias ? valueText(value) : null
    if (alias && text !== null) facts.add(alias, text)
  }
  return facts
}

/** A value as conditions are compared with it and filters know it; null for lists and maps. */
export function valueText(value: Value): string | null {
  if (typeof value === "string") return value
  if (value instanceof Uint8Array) return hexOf(value)
  return value === null || typeof value === "object" ? null : String(value)
}
