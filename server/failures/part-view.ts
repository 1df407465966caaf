import { parseTree, printTree } from "#server/messages/index.ts"
import type { PartView } from "./views.ts"

const MAX_SHOWN = 200_000
const MAX_HEX = 2048

/** Bytes for a reader. Cut at 200,000 characters, or 2 kB of what is no text. */
export function toPartView(value: Buffer | null): PartView {
  if (value === null) return { kind: "null", text: "", bytes: 0, cut: false }
  const bytes = value.length
  if (bytes === 0) return { kind: "empty", text: "", bytes, cut: false }
  const text = utf8(value)
  if (text === null)
    return {
      kind: "binary",
      text: value
        .subarray(0, MAX_HEX)
        .toString("hex")
        .replace(/(..)(?=.)/g, "$1 "),
      bytes,
      cut: bytes > MAX_HEX,
    }
  if (bytes > MAX_SHOWN) return { kind: "text", text: text.slice(0, MAX_SHOWN), bytes, cut: true }
  const json = /^\s*[[{]/.test(text) ? indented(text) : null
  return json === null
    ? { kind: "text", text, bytes, cut: false }
    : { kind: "json", text: json.slice(0, MAX_SHOWN), bytes, cut: json.length > MAX_SHOWN }
}

function utf8(value: Buffer): string | null {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(value)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what tells bytes from text
    return /[\x00-\x08\x0e-\x1f]/.test(text) ? null : text
  } catch {
    return null
  }
}

function indented(text: string): string | null {
  try {
    return printTree(parseTree(text), 2, MAX_SHOWN + 1)
  } catch {
    return null
  }
}
