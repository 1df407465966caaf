/** Longer messages are cut: what tells causes apart stands at their beginning. */
const MAX_READ = 2000
const MAX_KEPT = 300

/** Each is replaced before the next is looked for. None of the replacements is matched again. */
const RULES: readonly [RegExp, string][] = [
  [/"(?:[^"\\]|\\.)*"/gs, '"…"'],
  [/“[^”]*”|«[^»]*»/gs, '"…"'],
  [/`[^`]*`/gs, "`…`"],
  // An apostrophe within a word opens no quotation: "can't", "customer's".
  [/(?<![\p{L}\p{N}])'[^']*'(?![\p{L}\p{N}])/gsu, "'…'"],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?\b/g, "<date>"],
  [/\b0x[0-9a-f]+\b/gi, "<id>"],
  [/(?<![\p{L}\p{N}])[-+]?\d+(?:[.,]\d+)*(?=[a-z]{0,3}(?![\p{L}\p{N}]))/giu, "<n>"],
  // Part of a name in which letters and digits mix, long enough to be an identifier rather than "utf8" or "v2".
  [/[\p{L}\p{N}]*\p{N}[\p{L}\p{N}]*/gu, "<part>"],
]

/**
 * A message without what differs from one failure to the next: numbers, dates, identifiers, hex, quoted values. Two
 * messages of one cause become equal: `order-881: "12,50" at 09:14` → `order-<n>: "…" at <n>:<n>`.
 */
export function normaliseMessage(message: string): string {
  let text = message.slice(0, MAX_READ)
  for (const [pattern, replacement] of RULES) {
    text = text.replace(pattern, (found) => (replacement === "<part>" ? partOf(found) : replacement))
  }
  return text.replace(/\s+/g, " ").trim().slice(0, MAX_KEPT)
}

function partOf(found: string): string {
  if (/^\p{N}+$/u.test(found)) return "<n>"
  return found.length >= 5 ? "<id>" : found
}
