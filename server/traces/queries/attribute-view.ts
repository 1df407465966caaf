import { Attributes, type Value } from "../otlp/read.ts"

/** An attribute as it is shown; lists and maps are JSON. */
export interface AttributeView {
  key: string
  value: string
}

export function attributesOf({ entries }: Attributes): AttributeView[] {
  return entries.map(([key, value]) => ({ key, value: shown(value) }))
}

export function shown(value: Value): string {
  if (typeof value === "string") return value
  return JSON.stringify(value, (_, one: unknown) => {
    if (typeof one === "bigint") return String(one)
    if (one instanceof Attributes) return Object.fromEntries(one.entries)
    return one instanceof Uint8Array ? Buffer.from(one).toString("hex") : one
  }).replace(/^"(-?\d+)"$/, "$1")
}
