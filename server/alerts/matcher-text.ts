import { LABEL } from "./label-name.ts"
import type { Matcher } from "./matcher.ts"

const MATCHER = String.raw`\s*,?\s*(${LABEL})\s*(!?=)\s*(?:"((?:[^"\\]|\\.)*)"|(?![~=])([^\s,"]*))`

/**
 * Matchers as people write them, like Alertmanager's: `cluster=prod severity!=info group="a b*"`, separated by spaces or
 * commas. null: the text is something else.
 */
export function parseMatchers(text: string): Matcher[] | null {
  const found: Matcher[] = []
  const pattern = new RegExp(MATCHER, "y")
  let end = 0
  while (text.slice(end).trim() !== "") {
    pattern.lastIndex = end
    const match = pattern.exec(text)
    if (!match?.[1]) return null
    const value = match[3] === undefined ? (match[4] ?? "") : match[3].replace(/\\(.)/g, "$1")
    found.push({ label: match[1], op: match[2] === "!=" ? "!=" : "=", value })
    end = pattern.lastIndex
  }
  return found
}

/** The text that `parseMatchers` reads back. */
export function formatMatchers(matchers: readonly Matcher[]): string {
  return matchers.map(({ label, op, value }) => `${label}${op}${quoted(value)}`).join(" ")
}

function quoted(value: string): string {
  return /^[^\s,"\\~=][^\s,"\\]*$/.test(value) ? value : `"${value.replace(/["\\]/g, "\\$&")}"`
}
