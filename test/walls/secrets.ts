/** What must never be seen: a number that patterns find and paths name, and a name. */
export const CARD = "4929731806527418"
export const NAME = "Wintermantel"

/** So many characters of a secret in a row give it away. */
const PIECE = 8

/** The places of an answer (`of` characters around them) that give a secret away, in whole or in part, however encoded. */
export function leaksIn(answer: string | Buffer, around = 40): string[] {
  const bytes = Buffer.from(answer)
  const views = [bytes.toString("utf8"), bytes.toString("latin1")].flatMap((text) => [
    text,
    unescaped(text),
    unescaped(unescaped(text)),
  ])
  return [...new Set(views)].flatMap((view) => {
    const dense = view.replace(/[\s\0]/g, "")
    return FORMS.flatMap((form) => [...placesOf(view, form, around), ...placesOf(dense, form, around)])
  })
}

function placesOf(text: string, form: string, around: number): string[] {
  const at = text.indexOf(form)
  return at < 0 ? [] : [`${form} in …${text.slice(Math.max(0, at - around), at + form.length + around)}…`]
}

/** Percent-encoding, JSON and HTML escapes, and escapes of bytes resolved. */
function unescaped(text: string): string {
  const character = (hex: string) => String.fromCharCode(Number.parseInt(hex, 16))
  return text
    .replace(/\\u([0-9a-f]{4})/gi, (_, hex) => character(hex))
    .replace(/\\x([0-9a-f]{2})/gi, (_, hex) => character(hex))
    .replace(/%([0-9a-f]{2})/gi, (_, hex) => character(hex))
    .replace(/&#x([0-9a-f]{2,4});/gi, (_, hex) => character(hex))
    .replace(/&#(\d{2,5});/g, (_, digits) => String.fromCharCode(Number(digits)))
    .replaceAll('\\"', '"')
}

const FORMS: readonly string[] = [...new Set([CARD, NAME].flatMap(piecesOf).flatMap(formsOf))]

function piecesOf(secret: string): string[] {
  return Array.from({ length: secret.length - PIECE + 1 }, (_, at) => secret.slice(at, at + PIECE))
}

/** A piece as text, and its bytes (UTF-8 and UTF-16) in hex and in base64 wherever they begin. */
function formsOf(piece: string): string[] {
  const encodings = [
    Buffer.from(piece),
    Buffer.from(piece, "utf16le"),
    Buffer.from(piece, "utf16le").swap16(),
  ]
  return [
    piece,
    ...encodings.flatMap((bytes) => {
      const hex = bytes.toString("hex")
      return [hex, hex.toUpperCase(), ...[0, 1, 2].flatMap((before) => base64Inside(bytes, before))]
    }),
  ]
}

/** The characters of base64 that these bytes alone decide, after so many other bytes. */
function base64Inside(bytes: Buffer, before: number): string[] {
  const all = Buffer.concat([Buffer.alloc(before), bytes])
  const from = Math.ceil((before * 8) / 6)
  const to = Math.floor((all.length * 8) / 6)
  return (["base64", "base64url"] as const).map((encoding) => all.toString(encoding).slice(from, to))
}
