import type { Content } from "../format.ts"

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** UTF-8 as it is. Throws on bytes that are none. */
export function utf8(bytes: Buffer): string {
  return strict.decode(bytes)
}

/** Text; a byte that is not UTF-8 is shown as `\xNN`, so that nothing is made up and nothing is lost. */
export function text(bytes: Buffer): Content {
  try {
    return { text: utf8(bytes) }
  } catch {
    return { text: escaped(bytes).text }
  }
}

/** Text with its invalid bytes escaped, and how many there were. */
export function escaped(bytes: Buffer): { text: string; invalid: number } {
  let shown = ""
  let invalid = 0
  for (let at = 0; at < bytes.length; ) {
    const length = sequence(bytes, at)
    if (length > 0) shown += bytes.toString("utf8", at, at + length)
    else {
      shown += `\\x${(bytes[at] ?? 0).toString(16).padStart(2, "0")}`
      invalid += 1
    }
    at += Math.max(1, length)
  }
  return { text: shown, invalid }
}

/** Bytes of the valid UTF-8 run that begins here; 0: the byte is not valid. */
function sequence(bytes: Buffer, at: number): number {
  let end = at
  while (end < bytes.length && (bytes[end] ?? 0) < 0x80) end += 1
  if (end > at) return end - at
  const lead = bytes[at] ?? 0
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  if (length === 0 || at + length > bytes.length) return 0
  try {
    utf8(bytes.subarray(at, at + length))
    return length
  } catch {
    return 0
  }
}

/** Whether a person would call it text: no control characters but tab and line ends. */
export function isReadable(shown: string): boolean {
  for (let at = 0; at < shown.length; at++) {
    const code = shown.charCodeAt(at)
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127) return false
  }
  return true
}
