import { DomainError } from "#server/errors.ts"
import { isStorable } from "#server/storable.ts"

/** What is no text of ours but the content of messages, which may be any: it goes to the broker, and is stored nowhere. */
const CONTENT: ReadonlyMap<string, string> = new Map([["messages.produce", "messages"]])

/** Throws `bad_input` for text that cannot be stored, anywhere in the input of the procedure `path`, in names too. */
export function refuseText(path: string, input: unknown): void {
  const content = CONTENT.get(path)
  const waiting: unknown[] = [input]
  while (waiting.length > 0) {
    const value = waiting.pop()
    if (typeof value === "string") refuse(value)
    if (typeof value !== "object" || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (value === input && key === content) continue
      refuse(key)
      waiting.push(inner)
    }
  }
}

function refuse(text: string): void {
  if (!isStorable(text))
    throw new DomainError(
      "bad_input",
      "Text must not contain NUL or half of a surrogate pair. Remove it and try again.",
    )
}
