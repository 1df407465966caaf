import { JsonReader, parseTree } from "./json.ts"

export type JsonPath = readonly (string | number)[]

/** Where a field or item stands in a text: its name included from `from` on, its value alone from `value` on. */
interface Child {
  step: string | number
  from: number
  value: number
  end: number
}

/** The text of the value at a path; undefined: the path leads nowhere. Of fields with the same name the last counts. */
export function jsonAt(text: string, path: JsonPath): string | undefined {
  const found = locate(text, path)
  return found && text.slice(found.value, found.end)
}

/**
 * JSON in which one value is another, every other character as it was. A field that is not there is added behind the
 * others of its object; where the path leads nowhere else, the text stays the same.
 */
export function setJson(text: string, path: JsonPath, json: string): string {
  const found = locate(text, path)
  if (found) return spliced(text, found.value, { end: found.end, by: json })
  const name = path.at(-1)
  const parent = path.length > 0 ? locate(text, path.slice(0, -1)) : undefined
  if (typeof name !== "string" || !parent || text[parent.value] !== "{") return text
  return added(text, parent, { name, json })
}

/** JSON without a field or item, and without the comma and space that set it apart. */
export function removeJson(text: string, path: JsonPath): string {
  const step = path.at(-1)
  const parent = path.length > 0 ? locate(text, path.slice(0, -1)) : undefined
  if (step === undefined || !parent) return text
  let shorter = text
  for (;;) {
    const children = childrenOf(shorter, parent.value)
    const at = children.findLastIndex((child) => child.step === step)
    const child = children[at]
    if (!child) return shorter
    const before = children[at - 1]
    const after = children[at + 1]
    const from = after ? child.from : (before?.end ?? child.from)
    shorter = spliced(shorter, from, { end: after?.from ?? child.end, by: "" })
    // Fields of the same name go together; the item that follows in a list is another.
    if (typeof step === "number") return shorter
  }
}

/** Behind the last field, set apart as that one is. */
function added(text: string, parent: Child, { name, json }: { name: string; json: string }): string {
  const children = childrenOf(text, parent.value)
  const last = children.at(-1)
  if (!last)
    return spliced(text, parent.value + 1, { end: parent.value + 1, by: `${JSON.stringify(name)}:${json}` })
  const before = children.at(-2)
  const space = /\s*$/.exec(text.slice(before?.end ?? parent.value, last.from))?.[0] ?? ""
  const colon = /:\s*$/.exec(text.slice(last.from, last.value))?.[0] ?? ":"
  return spliced(text, last.end, { end: last.end, by: `,${space}${JSON.stringify(name)}${colon}${json}` })
}

function spliced(text: string, from: number, { end, by }: { end: number; by: string }): string {
  return text.slice(0, from) + by + text.slice(end)
}

function locate(text: string, path: JsonPath): Child | undefined {
  parseTree(text)
  const reader = new JsonReader(text)
  reader.space()
  const value = reader.at
  reader.value()
  let found: Child | undefined = { step: "", from: value, value, end: reader.at }
  for (const step of path) {
    if (!found) return undefined
    found = childrenOf(text, found.value).findLast((child) => child.step === step)
  }
  return found
}

/** The fields or items of the value that begins at a place; none where it is neither an object nor a list. */
function childrenOf(text: string, at: number): Child[] {
  const reader = new JsonReader(text)
  reader.at = at
  const isObject = reader.passes("{")
  const children: Child[] = []
  if (!isObject && !reader.passes("[")) return children
  reader.space()
  if (text[reader.at] === "}" || text[reader.at] === "]") return children
  do {
    reader.space()
    const from = reader.at
    const step = isObject ? nameThen(reader) : children.length
    reader.space()
    const value = reader.at
    reader.value()
    children.push({ step, from, value, end: reader.at })
    reader.space()
  } while (reader.passes(","))
  return children
}

function nameThen(reader: JsonReader): string {
  const name = reader.string()
  reader.space()
  reader.expect(":")
  return name
}
