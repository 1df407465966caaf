import type { Content, MessageDetail } from "#server/messages/get-message.ts"

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

/** The lines of a JSON Lines file as messages; the first line that is none is named. */
export function readLines(file: string): { messages: unknown[]; problem: string | null } {
  const messages: unknown[] = []
  for (const [at, line] of file.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue
    try {
      const parsed: unknown = JSON.parse(line)
      if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
        throw new SyntaxError("no object")
      const { offset: _read, timestamp: _then, ...message } = parsed as Record<string, unknown>
      messages.push(message)
    } catch {
      return {
        messages: [],
        problem: `Line ${at + 1} is no message: each line is a JSON object with key, value, headers.`,
      }
    }
  }
  return { messages, problem: messages.length === 0 ? "There is no message in this file." : null }
}
