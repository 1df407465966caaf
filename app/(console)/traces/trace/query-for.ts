import type { AttributeView } from "#server/traces/index.ts"

export type Scope = "span" | "resource" | "event" | "instrumentation"

/** A search takes so many characters. */
const LONGEST = 2000
const PLAIN_KEY = /^[A-Za-z_][\w.-]*$/

/** The search for spans that have an attribute of the same value; null: its value can not be searched for. */
export function queryFor({ key, value, type }: AttributeView, scope: Scope): string | null {
  if (type === "other" || value.length > LONGEST) return null
  if (type === "number" && !/^-?\d+(\.\d+)?$/.test(value)) return null
  const name = PLAIN_KEY.test(key) ? key : JSON.stringify(key)
  return `{ ${scope}.${name} = ${type === "text" ? JSON.stringify(value) : value} }`
}
