const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** UTF-8 as it is. Throws on bytes that are not. */
export function utf8(bytes: Buffer): string {
  return strict.decode(bytes)
}

/** Text; a byte that is not UTF-8 is shown as `\xNN`, so that nothing is made up and nothing is lost. */
export function text(bytes: Buffer): string {
  return escaped(bytes).text
}

/** Text with its invalid bytes escaped, and how many there were. */
export function escaped(bytes: Buffer): { text: string; invalid: number } {
  const pieces: string[] = []
  let invalid = 0
  let from = 0
  for (let at = 0; at < bytes.length; ) {
    const length = sequence(bytes, at)
    if (length === 0) {
      if (at > from) pieces.push(bytes.toString("utf8", from, at))
      pieces.push(`\\x${(bytes[at] ?? 0).toString(16).padStart(2, "0")}`)
      invalid += 1
      from = at + 1
    }
    at += Math.max(1, length)
  }
  if (from < bytes.length) pieces.push(bytes.toString("utf8", from))
  return { text: pieces.join(""), invalid }
}

/** Bytes of the UTF-8 character that begins here (Unicode, table 3-7); 0: the byte is not valid. */
function sequence(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0
  if (lead < 0x80) return 1
  const length = lead >= 0xf5 ? 0 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 0
  if (length === 0 || at + length > bytes.length) return 0
  const second = bytes[at + 1] ?? 0
  const lowest = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80
  const highest = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf
  if (second < lowest || second > highest) return 0
  for (let more = 2; more < length; more++) if (((bytes[at + more] ?? 0) & 0xc0) !== 0x80) return 0
  return length
}

/** Whether a person would call it text: no control characters but tab and line ends. */
export function isReadable(shown: string): boolean {
  for (let at = 0; at < shown.length; at++) {
    const code = shown.charCodeAt(at)
    if ((code < 32 && code !== 9 && code !== 10 && code !== 13) || code === 127) return false
  }
  return true
}
