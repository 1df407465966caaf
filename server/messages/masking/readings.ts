import { isUtf8 } from "node:buffer"
import { isReadable } from "../decode/formats/text.ts"
import { parseTree } from "../json.ts"
import { Bytes, NumberText, ObjectTree, type Tree } from "../tree.ts"

/** Shorter runs of base64 or hex are words and numbers more often than values. */
const BASE64 = /[A-Za-z0-9+/_-]{8,}={0,2}/g
const HEX = /(?:[0-9a-f]{2}[ :-]?){6,}/gi
const PERCENT = /%[0-9a-f]{2}/i
const BACKSLASH = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))/gi
const REFERENCE = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));?/gi

/**
 * What a text says besides what stands there, looked into once: base64, hex, percent-encoding, escapes and JSON inside a
 * string. A pattern that matches one of these readings would have been evaded by the way a producer writes.
 */
export function* readingsOf(text: string): Generator<string> {
  if (PERCENT.test(text)) yield percentDecoded(text)
  if (text.includes("\\"))
    yield text.replace(BACKSLASH, (_, u, x) => String.fromCharCode(Number.parseInt(u ?? x, 16)))
  if (text.includes("&#"))
    yield text.replace(REFERENCE, (found, hex, digits) => referred(hex, digits) ?? found)
  if (/^\s*[[{"]/.test(text)) yield* leavesIn(text)
  for (const [run] of text.matchAll(BASE64))
    if (run.replace(/=+$/, "").length % 4 !== 1) yield* printable(Buffer.from(run, "base64url"))
  for (const [run] of text.matchAll(HEX)) yield* printable(Buffer.from(run.replace(/[ :-]/g, ""), "hex"))
}

/** What bytes say as text, in every encoding that producers write. */
export function bytesReadings(bytes: Buffer): string[] {
  const even = bytes.subarray(0, bytes.length & ~1)
  const big = Buffer.from(even).swap16()
  const odd = bytes.subarray(1, bytes.length - ((bytes.length - 1) & 1))
  return [
    bytes.toString("latin1"),
    bytes.toString("utf8"),
    even.toString("utf16le"),
    big.toString("utf16le"),
    odd.toString("utf16le"),
  ]
}

function percentDecoded(text: string): string {
  const bytes = Buffer.from(
    text.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  )
  return isUtf8(bytes) ? bytes.toString("utf8") : bytes.toString("latin1")
}

function referred(hex: string | undefined, digits: string | undefined): string | null {
  const code = hex === undefined ? Number(digits) : Number.parseInt(hex, 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : null
}

/** Texts of JSON that is itself a text: names and values, with their escapes resolved. */
function* leavesIn(text: string): Generator<string> {
  let tree: Tree
  try {
    tree = parseTree(text)
  } catch {
    return
  }
  const left: Tree[] = [tree]
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    if (Array.isArray(one)) left.push(...one)
    else if (one instanceof ObjectTree)
      for (const [name, value] of one.entries) {
        yield name
        left.push(value)
      }
    else if (one instanceof NumberText) yield one.text
    else if (one !== null && !(one instanceof Bytes)) yield String(one)
  }
}

/** Most runs are words, and decode to bytes that nobody would read. */
function* printable(bytes: Buffer): Generator<string> {
  if (isUtf8(bytes)) {
    const text = bytes.toString("utf8")
    if (isReadable(text)) yield text
  }
  if (bytes.length >= 4 && bytes.includes(0)) yield* bytesReadings(bytes)
}
