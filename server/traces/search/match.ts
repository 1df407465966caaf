import { KINDS, STATUSES } from "../kinds.ts"
import { Attributes, type Value } from "../otlp/span.ts"
import { aliasOf } from "../semconv/facts.ts"
import { valueText } from "../semconv/facts-of.ts"
import type { AttributeScope, Condition, Field, Intrinsic, Literal, Operator } from "../traceql/ast.ts"
import { compilePattern } from "../traceql/parse.ts"
import type { StoredSpan } from "./stored-span.ts"

export type Matcher = (span: StoredSpan) => boolean

/** What decides whether a condition holds of a span. */
export function matcherOf(condition: Condition): Matcher {
  switch (condition.is) {
    case "all": {
      const parts = cheapFirst(condition.parts).map(matcherOf)
      return (span) => parts.every((part) => part(span))
    }
    case "any": {
      const parts = cheapFirst(condition.parts).map(matcherOf)
      return (span) => parts.some((part) => part(span))
    }
    case "not": {
      const part = matcherOf(condition.part)
      return (span) => !part(span)
    }
    case "compare": {
      const holds = comparison(condition.operator, condition.literal)
      const valuesOf = readerOf(condition.field)
      return (span) => holds(valuesOf(span))
    }
  }
}

/** What the head of a span answers comes before what needs its attributes. */
function cheapFirst(parts: readonly Condition[]): Condition[] {
  const cost = (part: Condition) => (part.is === "compare" && part.field.of === "intrinsic" ? 0 : 1)
  return [...parts].sort((a, b) => cost(a) - cost(b))
}

/** Whether an operator and a literal hold of the values that a field has; none: it is not there. */
export function comparison(operator: Operator, literal: Literal): (values: readonly Value[]) => boolean {
  if (literal.type === "nil") return (values) => (values.length === 0) === (operator === "=")
  switch (operator) {
    case "=":
      return (values) => values.some((value) => isEqual(value, literal))
    case "!=":
      return (values) => values.length > 0 && !values.some((value) => isEqual(value, literal))
    case "=~":
    case "!~": {
      const pattern = compilePattern(String(literal.value))
      const matches = (value: Value) => pattern.matches(valueText(value) ?? "")
      return operator === "=~"
        ? (values) => values.some(matches)
        : (values) => values.length > 0 && !values.some(matches)
    }
    default:
      return (values) => values.some((value) => isOrdered(value, operator, literal))
  }
}

function isEqual(value: Value, literal: Exclude<Literal, { type: "nil" }>): boolean {
  return valueText(value) === String(literal.value)
}

function isOrdered(value: Value, operator: Operator, literal: Literal): boolean {
  if (literal.type === "nil" || literal.type === "boolean") return false
  const text = valueText(value)
  if (text === null || text === "") return false
  const [left, right] = literal.type === "text" ? [text, literal.value] : [Number(text), literal.value]
  if (operator === ">") return left > right
  if (operator === ">=") return left >= right
  return operator === "<" ? left < right : left <= right
}

type Reader = (span: StoredSpan) => Value[]

/** What has the values of a field in a span. */
export function readerOf(field: Field): Reader {
  if (field.of === "intrinsic") return INTRINSIC[field.name]
  const { scope, key } = field
  if (isServiceName(field)) return ({ service }) => [service]
  const alias = scope === "any" || scope === "span" ? aliasOf(key) : undefined
  const inScope = READERS[scope]
  return (span) => {
    const found = inScope(span, key).flatMap(flat)
    const text = alias && span.facts.get(alias.concept.name)
    if (text !== undefined && !found.some((value) => valueText(value) === text)) found.push(text)
    return found
  }
}

export function isServiceName(field: Field): boolean {
  return (
    field.of === "attribute" &&
    field.key === "service.name" &&
    (field.scope === "any" || field.scope === "resource")
  )
}

const INTRINSIC: Readonly<Record<Intrinsic, Reader>> = {
  name: ({ head }) => [head.name],
  status: ({ head }) => [STATUSES[head.status] ?? "unset"],
  statusMessage: ({ span }) => [span.status.message],
  kind: ({ head }) => [KINDS[head.kind] ?? "unspecified"],
  duration: ({ durationNs }) => [durationNs],
  traceId: ({ head }) => [head.traceId.toString("hex")],
  spanId: ({ head }) => [head.spanId.toString("hex")],
  parentId: ({ head, isRoot }) => (isRoot ? [] : [head.parentId.toString("hex")]),
  nestedSetParent: ({ isRoot }) => [isRoot ? -1 : 1],
  eventName: ({ span }) => span.events.map((event) => event.name),
  linkTraceId: ({ span }) => span.links.map((link) => link.traceId),
  linkSpanId: ({ span }) => span.links.map((link) => link.spanId),
  scopeName: ({ span }) => [span.scope.name],
  scopeVersion: ({ span }) => [span.scope.version],
}

const READERS: Readonly<Record<AttributeScope, (span: StoredSpan, key: string) => Value[]>> = {
  span: ({ span }, key) => at(span.attributes, key),
  resource: ({ span }, key) => at(span.resource.attributes, key),
  any: ({ span }, key) => [...at(span.attributes, key), ...at(span.resource.attributes, key)],
  event: ({ span }, key) => span.events.flatMap((event) => at(event.attributes, key)),
  link: ({ span }, key) => span.links.flatMap((link) => at(link.attributes, key)),
  instrumentation: ({ span }, key) => at(span.scope.attributes, key),
}

function at({ entries }: Attributes, key: string): Value[] {
  return entries.flatMap(([name, value]) => (name === key ? [value] : []))
}

/** Of a list its members. */
function flat(value: Value): Value[] {
  return Array.isArray(value) ? value.flatMap(flat) : [value]
}

/** Whether a text stands anywhere in a span, in capitals or not: in names, keys, values and messages. */
export function textMatcher(text: string): Matcher {
  const needle = text.toLowerCase()
  const has = (one: string) => one.toLowerCase().includes(needle)
  const inAttributes = ({ entries }: Attributes) => entries.some(([key, value]) => has(key) || inValue(value))
  const inValue = (value: Value): boolean => {
    if (Array.isArray(value)) return value.some(inValue)
    return value instanceof Attributes ? inAttributes(value) : has(valueText(value) ?? "")
  }
  return ({ span, head, service }) =>
    has(head.name) ||
    has(service) ||
    has(span.status.message) ||
    inAttributes(span.attributes) ||
    inAttributes(span.resource.attributes) ||
    span.events.some((event) => has(event.name) || inAttributes(event.attributes))
}
