/** What is being written where the caret stands: a field, or a value that a field is compared with. */
export type Completion =
  | { of: "field"; search: string; from: number; to: number }
  | { of: "value"; field: string; search: string; operator: string; from: number; to: number }

const FIELD = `(?:[^\\s{}()=!<>&|~^,"'\`]|(?<=\\.)"(?:[^"\\\\]|\\\\.)*")+`
const VALUE = new RegExp(`(${FIELD})\\s*(=~|!~|!=|>=|<=|=|>|<)\\s*("(?:[^"\\\\]|\\\\.)*|[\\w.-]*)$`)
const WORD = /(?:^|[{(!]|&&|\|\|)\s*([^\s{}()=!<>&|~^,"'`]*)$/
/** What ends the value that the caret stands in. */
const REST = /^(?:[^"\\&|{}]|\\.)*"|^[\w.-]*/

/** null: nothing can be proposed there. */
export function completionAt(text: string, caret: number): Completion | null {
  const before = text.slice(0, caret)
  const value = VALUE.exec(before)
  if (value) {
    const [, field = "", operator = "", written = ""] = value
    const isText = written.startsWith('"')
    const rest = isText || written === "" ? REST.exec(text.slice(caret))?.[0] : ""
    return {
      ...{ of: "value", field, operator },
      search: (isText ? written.slice(1) : written).replaceAll(/\\(.)/gs, "$1"),
      ...{ from: caret - written.length, to: caret + (isText ? (rest?.length ?? 0) : 0) },
    }
  }
  const [, search] = WORD.exec(before) ?? []
  return search === undefined ? null : { of: "field", search, from: caret - search.length, to: caret }
}

const SCOPES = ["span", "resource", "event", "link", "instrumentation"]
/** Fields that are no attributes, and the attribute that is asked for most. */
const OWN_FIELDS = [
  ...["resource.service.name", "name", "status", "duration", "kind", "statusMessage"],
  ...["trace:id", "span:id", "event:name", "link:traceID", "instrumentation:name"],
]

/** Those of the fields that are no attributes which contain what was typed. */
export function ownFields(search: string): string[] {
  const needle = search.toLowerCase()
  return OWN_FIELDS.filter((field) => field.toLowerCase().includes(needle))
}

/** Of what was typed, the part that is looked for within keys, and the scope that they must be of. */
export function keySearch(search: string): { scope: string | null; key: string } {
  const dot = search.indexOf(".")
  if (dot === 0) return { scope: null, key: search.slice(1) }
  const scope = SCOPES.find((one) => one === search.slice(0, dot))
  return scope === undefined ? { scope: null, key: search } : { scope, key: search.slice(dot + 1) }
}

interface Completed {
  text: string
  /** Where the caret stands then. */
  caret: number
}

/** The query with a proposal in the place of what was being written. */
export function complete(text: string, { from, to }: Completion, proposal: string): Completed {
  const before = text.slice(0, from)
  const start = before.trim() === "" ? `{ ${proposal} ` : `${before}${proposal} `
  return { text: start + text.slice(to).trimStart(), caret: start.length }
}
