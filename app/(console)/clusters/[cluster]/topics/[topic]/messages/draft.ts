import type { Content, MessageDetail } from "#server/messages/index.ts"

/** A key, value or header while it is written. */
export interface Field {
  kind: "text" | "base64" | "null"
  text: string
}

export interface Draft {
  key: Field
  value: Field
  headers: { id: number; name: string; value: Field }[]
  /** Empty: chosen by the key. */
  partition: string
}

const text = (given: string): Field => ({ kind: "text", text: given })

export const blank: Draft = { key: { kind: "null", text: "" }, value: text(""), headers: [], partition: "" }

/** A message to be edited. JSON on one line is left as it is: what is sent is what stands there. */
export function draftOf(source: NonNullable<MessageDetail["source"]>): Draft {
  return {
    key: fieldOf(source.key),
    value: fieldOf(source.value),
    headers: source.headers.map(({ name, value }, id) => ({ id, name, value: fieldOf(value) })),
    partition: "",
  }
}

function fieldOf(content: Content): Field {
  if (content === null) return { kind: "null", text: "" }
  return typeof content === "string" ? text(content) : { kind: "base64", text: content.base64 }
}

export function contentOf(field: Field): Content {
  switch (field.kind) {
    case "null":
      return null
    case "text":
      return field.text
    case "base64":
      return { base64: field.text.trim() }
  }
}

/** What `produce` takes. */
export function messageOf(draft: Draft) {
  return {
    key: contentOf(draft.key),
    value: contentOf(draft.value),
    headers: draft.headers
      .filter(({ name }) => name !== "")
      .map(({ name, value }) => ({ name, value: contentOf(value) })),
    partition: /^\d+$/.test(draft.partition) ? Number(draft.partition) : null,
    timestamp: null,
  }
}

/** The lines of a JSON Lines file as messages. The first line that is none is named by its number: then nothing is sent. */
export function readLines(file: string): { messages: unknown[]; problem: string | null } {
  const messages: unknown[] = []
  for (const [at, line] of file.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue
    const wrong = readLine(line, messages)
    if (wrong !== null) return { messages: [], problem: `Line ${at + 1} is no message: ${wrong}.` }
  }
  return { messages, problem: messages.length === 0 ? "There is no message in this file." : null }
}

/** Adds the message of a line, or says what is wrong with it. Offset and time say where it came from, and are left out. */
function readLine(line: string, messages: unknown[]): string | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(line)
  } catch {
    return "it is not JSON"
  }
  if (!isObject(parsed)) return "it is not a JSON object with key, value, headers"
  const { offset: _read, timestamp: _then, ...message } = parsed
  const { key, value, headers, partition, ...others } = message
  const [other] = Object.keys(others)
  if (other !== undefined) return `"${other}" is not among key, value, headers, partition`
  if (!isContent(key)) return `its key ${CONTENT}`
  if (!isContent(value)) return `its value ${CONTENT}`
  if (headers !== undefined && !(Array.isArray(headers) && headers.every(isHeader)))
    return 'its headers are not a list like [{"name":"a","value":"b"}]'
  if (partition != null && !(Number.isInteger(partition) && Number(partition) >= 0))
    return "its partition is no number"
  messages.push(message)
  return null
}

const CONTENT = 'is neither a text, nor null, nor {"base64":"..."}'

function isObject(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given)
}

function isContent(given: unknown): boolean {
  if (given == null || typeof given === "string") return true
  return isObject(given) && Object.keys(given).length === 1 && isBase64(given.base64)
}

function isBase64(given: unknown): boolean {
  return typeof given === "string" && given.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(given)
}

function isHeader(given: unknown): boolean {
  return isObject(given) && typeof given.name === "string" && given.name !== "" && isContent(given.value)
}
