/** A number that a JavaScript number cannot hold exactly: its digits are kept, and printed again as they were. */
export class ExactNumber {
  readonly digits: string

  constructor(digits: string) {
    this.digits = digits
  }
}

/** JSON that loses no digit of a number. Throws a SyntaxError on what is no JSON. */
export function parseJson(text: string): unknown {
  if (!mayHaveLongNumber(text)) return JSON.parse(text)
  const reviver = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === "number" && context?.source !== undefined && !isExact(value, context.source)
      ? new ExactNumber(context.source)
      : value
  return JSON.parse(text, reviver)
}

/** Beside the text of JSON, prints what other formats bring: exact numbers, 64-bit integers, bytes as base64, dates. */
export function printJson(value: unknown, indent: 0 | 2): string {
  return JSON.stringify(value, (_key, one: unknown) => printable(one), indent) ?? "null"
}

const raw = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON

function printable(value: unknown): unknown {
  if (value instanceof ExactNumber) return raw(value.digits)
  if (typeof value === "bigint") return raw(value.toString())
  if (typeof value === "number" && !Number.isFinite(value)) return String(value)
  if (value instanceof Map) return Object.fromEntries(value)
  if (value instanceof Set) return [...value]
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString("base64") }
  return value
}

function mayHaveLongNumber(text: string): boolean {
  return /[\d.]{16}|\d[eE]/.test(text)
}

function isExact(value: number, source: string): boolean {
  if (Number.isSafeInteger(value) && /^-?\d+$/.test(source)) return true
  return String(value) === source || String(value) === source.replace(/0+$/, "").replace(/\.$/, "")
}
