import type { Notification } from "./notification.ts"
import { present, type Shown, shorten } from "./present.ts"

/** The longest body of at most so many bytes of UTF-8: with as many alerts as fit, and the rest counted. */
export function fitting(
  notification: Notification,
  { maxAlerts, maxBytes }: { maxAlerts: number; maxBytes: number },
  write: (shown: Shown) => string,
): string {
  for (let most = maxAlerts; ; most -= 1) {
    const body = write(present(notification, most))
    if (Buffer.byteLength(body) <= maxBytes || most === 0) return body
  }
}

/** Cuts a text to at most so many bytes of UTF-8, never within a character. */
export function shortenBytes(text: string, maxBytes: number): string {
  let cut = shorten(text, maxBytes)
  while (Buffer.byteLength(cut) > maxBytes) {
    const over = Buffer.byteLength(cut) - maxBytes
    // A UTF-16 code unit has at most 3 bytes of UTF-8.
    cut = shorten(cut, cut.length - Math.max(1, Math.floor(over / 3)))
  }
  return cut
}

/** A text as one line: what names things cannot begin a line, a list or a heading. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").trim()
}
