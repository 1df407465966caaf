/** Fields that are offered at most: more are no choice but a list. */
const MAX_FIELDS = 60
/** Objects are looked into this far. */
const MAX_DEPTH = 4

/** Paths of the fields in JSON texts, such as "order.amount": the most frequent first. Lists are not looked into. */
export function fieldsOf(texts: readonly string[]): string[] {
  const found = new Map<string, number>()
  for (const text of texts)
    for (const path of pathsIn(parseBeginning(text), "", MAX_DEPTH))
      found.set(path, (found.get(path) ?? 0) + 1)
  return [...found]
    .sort(([a, often], [b, less]) => less - often || a.localeCompare(b))
    .slice(0, MAX_FIELDS)
    .map(([path]) => path)
}

function pathsIn(value: unknown, above: string, depth: number): string[] {
  if (!isObject(value)) return above === "" ? [] : [above]
  const names = Object.entries(value)
  if (depth === 0 || names.length === 0) return above === "" ? [] : [above]
  return names.flatMap(([name, inner]) => pathsIn(inner, above === "" ? name : `${above}.${name}`, depth - 1))
}

/** What a JSON text has at a path, as one line; null: it has no such field, or is no JSON. */
export function fieldAt(text: string, path: string): string | null {
  const found = at(parseBeginning(text), path)
  if (found === undefined) return null
  return typeof found === "string" ? found : JSON.stringify(found)
}

/** A name may itself have a dot: the longest that fits is taken. */
function at(value: unknown, path: string): unknown {
  if (path === "") return value
  if (!isObject(value)) return undefined
  const steps = path.split(".")
  for (let taken = steps.length; taken > 0; taken -= 1) {
    const name = steps.slice(0, taken).join(".")
    if (!Object.hasOwn(value, name)) continue
    const found = at(value[name], steps.slice(taken).join("."))
    if (found !== undefined) return found
  }
  return undefined
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

/** JSON, also where only its beginning is there: what is whole of it. undefined: it is none. */
export function parseBeginning(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    const whole = wholePart(text)
    if (whole === null) return undefined
    try {
      return JSON.parse(whole)
    } catch {
      return undefined
    }
  }
}

/** Up to the last comma outside of a text, with all that is open then closed; null: there is none. */
function wholePart(text: string): string | null {
  const open: string[] = []
  let whole: string | null = null
  let inText = false
  for (let i = 0; i < text.length; i += 1) {
    const sign = text[i]
    if (inText) {
      if (sign === "\\") i += 1
      else if (sign === '"') inText = false
      continue
    }
    if (sign === '"') inText = true
    else if (sign === "{" || sign === "[") open.push(sign === "{" ? "}" : "]")
    else if (sign === "}" || sign === "]") open.pop()
    else if (sign === "," && open.length > 0) whole = text.slice(0, i) + open.toReversed().join("")
  }
  return whole
}
