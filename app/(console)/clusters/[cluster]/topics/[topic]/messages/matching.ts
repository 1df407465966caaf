import type { ShownMessage } from "#server/messages/index.ts"

/** What is looked for, as the address has it. */
export interface Sought {
  find: "contains" | "pattern" | "expression"
  q: string
}

/** Where a text has what is looked for, from and to; none for an expression, which is about no place. */
export function matchesIn(text: string, { find, q }: Sought): [from: number, to: number][] {
  if (q === "" || find === "expression") return []
  if (find === "pattern") return patternIn(text, q)
  const places: [number, number][] = []
  for (let at = text.indexOf(q); at !== -1; at = text.indexOf(q, at + q.length))
    places.push([at, at + q.length])
  return places
}

/** RE2 and JavaScript agree on what people type; what JavaScript cannot read is not marked. */
function patternIn(text: string, pattern: string): [number, number][] {
  try {
    return [...text.matchAll(new RegExp(pattern, "g"))].flatMap(({ index, 0: found }) =>
      found === "" ? [] : [[index, index + found.length] as [number, number]],
    )
  } catch {
    return []
  }
}

/** Whether what is shown of a message has what is looked for; an expression is only searched, not followed. */
export function isSought(message: ShownMessage, sought: Sought): boolean {
  if (sought.q === "" || sought.find === "expression") return true
  const headers = message.headers.flatMap(({ name, text }) => [name, text ?? ""])
  return [message.key.text, message.value.text, ...headers].some((text) => matchesIn(text, sought).length > 0)
}
