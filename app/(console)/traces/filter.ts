/** What the fields beside the query can say of spans: conditions that must all hold. */
export interface Filter {
  service: string
  operation: string
  /** error, ok, unset; empty: any. */
  status: string
  /** Durations with a unit, such as 500ms; empty: any. */
  min: string
  max: string
  attributes: AttributeCondition[]
}

export interface AttributeCondition {
  /** As a query names it, such as span.http.route. */
  field: string
  test: AttributeTest
  /** Empty for `exists`. */
  value: string
}

export const ATTRIBUTE_TESTS = {
  "=": "equals",
  "!=": "is not",
  contains: "contains",
  ">": "is above",
  "<": "is below",
  exists: "exists",
} as const
export type AttributeTest = keyof typeof ATTRIBUTE_TESTS

export const NO_FILTER: Filter = { service: "", operation: "", status: "", min: "", max: "", attributes: [] }

const DURATION = /^\d+(\.\d+)?(ns|us|µs|ms|s|m|h|d)$/

/** A duration as a query has it; a number alone is ms. null: it is none. */
export function durationOf(text: string): string | null {
  const trimmed = text.replaceAll(/\s/g, "")
  if (trimmed === "" || DURATION.test(trimmed)) return trimmed
  return /^\d+(\.\d+)?$/.test(trimmed) ? `${trimmed}ms` : null
}

/** The query of a filter; `readFilter` reads it again. */
export function writeFilter({ service, operation, status, min, max, attributes }: Filter): string {
  const parts = [
    service && `resource.service.name = ${quoted(service)}`,
    operation && `name = ${quoted(operation)}`,
    status && `status = ${status}`,
    min && `duration >= ${min}`,
    max && `duration <= ${max}`,
    ...attributes.map(writeAttribute),
  ].filter(Boolean)
  return parts.length === 0 ? "{ }" : `{ ${parts.join(" && ")} }`
}

function writeAttribute({ field, test, value }: AttributeCondition): string {
  switch (test) {
    case "exists":
      return `${field} != nil`
    case "contains":
      return `${field} =~ ${quoted(`.*${escaped(value)}.*`)}`
    case ">":
    case "<":
      return `${field} ${test} ${isNumber(value) ? value : quoted(value)}`
    default:
      return `${field} ${test} ${quoted(value)}`
  }
}

function isNumber(text: string): boolean {
  return /^-?\d+(\.\d+)?$/.test(text)
}

/** In TraceQL's quotes: of what must be escaped, it knows these. */
export function quoted(text: string): string {
  const marks = text.replaceAll(/["\\]/g, (mark) => `\\${mark}`)
  return `"${marks.replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r")}"`
}

const SPECIAL = /[\\^$.*+?()[\]{}|]/g

function escaped(text: string): string {
  return text.replaceAll(SPECIAL, (mark) => `\\${mark}`)
}

const TEXT = `"((?:[^"\\\\]|\\\\.)*)"`
const FIELD = `((?:span|resource|event|link|instrumentation)?\\.(?:[A-Za-z0-9_.\\-/:@]+|"(?:[^"\\\\]|\\\\.)*"))`
const CONDITIONS: readonly { pattern: RegExp; set: (filter: Filter, found: string[]) => boolean }[] = [
  one(`resource\\.service\\.name = ${TEXT}`, (filter, [text = ""]) => put(filter, "service", unquoted(text))),
  one(`name = ${TEXT}`, (filter, [text = ""]) => put(filter, "operation", unquoted(text))),
  one("status = (error|ok|unset)", (filter, [status = ""]) => put(filter, "status", status)),
  one("duration >=? (\\d[\\w.µ]*)", (filter, [least = ""]) => put(filter, "min", least)),
  one("duration <=? (\\d[\\w.µ]*)", (filter, [most = ""]) => put(filter, "max", most)),
  one(`${FIELD} != nil`, (filter, [field = ""]) => add(filter, { field, test: "exists", value: "" })),
  one(`${FIELD} =~ "\\.\\*((?:[^"\\\\]|\\\\.)*)\\.\\*"`, (filter, [field = "", inner = ""]) => {
    const value = unquoted(inner).replaceAll(/\\([\\^$.*+?()[\]{}|])/g, "$1")
    // A pattern that is more than a text between anything.
    return escaped(value) === unquoted(inner) && add(filter, { field, test: "contains", value })
  }),
  one(`${FIELD} (=|!=|>|<) (?:${TEXT}|(-?\\d+(?:\\.\\d+)?)(?![\\w.]))`, (filter, found) => {
    const [field = "", test = "", text, number] = found
    if (test !== "=" && test !== "!=" && test !== ">" && test !== "<") return false
    return add(filter, { field, test, value: number ?? unquoted(text ?? "") })
  }),
]

function one(pattern: string, set: (filter: Filter, found: string[]) => boolean) {
  return { pattern: new RegExp(pattern, "y"), set }
}

/** A second condition on the same is none of the fields'. */
function put(filter: Filter, name: Exclude<keyof Filter, "attributes">, value: string): boolean {
  if (filter[name] !== "") return false
  filter[name] = value
  return true
}

function add(filter: Filter, condition: AttributeCondition): boolean {
  filter.attributes.push(condition)
  return true
}

function unquoted(text: string): string {
  const named: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" }
  return text.replaceAll(/\\(.)/gs, (_, mark: string) => named[mark] ?? mark)
}

/** The filter that a query is; null: the query says more than the fields can. */
export function readFilter(query: string): Filter | null {
  const inner = /^\{(.*)\}$/s.exec(query.trim())?.[1]?.trim() ?? (query.trim() === "" ? "" : null)
  if (inner === null) return null
  const filter: Filter = { ...NO_FILTER, attributes: [] }
  for (let at = 0; at < inner.length; ) {
    const next = takeCondition(inner, at, filter)
    if (next === null) return null
    const and = /\s*&&\s*/y
    and.lastIndex = next
    if (next === inner.length) return filter
    if (!and.test(inner) || and.lastIndex === inner.length) return null
    at = and.lastIndex
  }
  return filter
}

function takeCondition(inner: string, at: number, filter: Filter): number | null {
  for (const { pattern, set } of CONDITIONS) {
    pattern.lastIndex = at
    const found = pattern.exec(inner)
    if (found) return set(filter, found.slice(1)) ? pattern.lastIndex : null
  }
  return null
}

/** A query with braces, whether they were typed or not. */
export function asQuery(text: string): string {
  const trimmed = text.trim()
  if (trimmed === "") return "{ }"
  if (!trimmed.startsWith("{")) return `{ ${trimmed} }`
  return trimmed.endsWith("}") ? trimmed : `{ ${trimmed.slice(1).trim()} }`
}

/** A query of which only spans with a duration (ms) between two are wanted. */
export function withDurations(query: string, least: number, most: number): string {
  const [min, max] = [rounded(least, Math.floor), rounded(most, Math.ceil)]
  const filter = readFilter(query)
  if (filter) return writeFilter({ ...filter, min, max })
  const inner = query.trim().slice(1, -1).trim()
  return `{ (${inner}) && duration >= ${min} && duration <= ${max} }`
}

const UNITS = [
  { ms: 1000, unit: "s" },
  { ms: 1, unit: "ms" },
  { ms: 1e-3, unit: "us" },
  { ms: 1e-6, unit: "ns" },
]

/** A duration of three digits. */
function rounded(ms: number, round: (value: number) => number): string {
  const { ms: size, unit } = UNITS.find((one) => ms >= one.ms) ?? { ms: 1e-6, unit: "ns" }
  const amount = ms / size
  const digits = Math.max(0, 2 - Math.floor(Math.log10(Math.max(amount, 1))))
  return `${round(amount * 10 ** digits) / 10 ** digits}${unit}`
}
