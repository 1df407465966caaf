import { KINDS, STATUSES } from "../kinds.ts"
import { aliasOf } from "../semconv/facts.ts"
import { traceKey } from "../trace-key.ts"
import type { Condition, Field, Intrinsic, Literal, Operator } from "../traceql/ast.ts"
import { MAX_VALUE_BYTES } from "./chunk-index.ts"
import { filterHas } from "./filter.ts"
import { type Hash, keyHash, OWN_KEYS, valueHash } from "./hash.ts"
import { comparison, isServiceName } from "./match.ts"

export interface Services {
  id: number
  name: string
}

/**
 * What must hold of a chunk's row so that one of its spans can meet a condition: SQL on `traces.chunk c`, in which nothing
 * stands but names of columns, numbers and hexadecimal digits. Null: any chunk can.
 */
export function chunkCondition(condition: Condition, services: readonly Services[]): string | null {
  switch (condition.is) {
    case "all": {
      const parts = condition.parts.flatMap((part) => chunkCondition(part, services) ?? [])
      return parts.length === 0 ? null : parts.map((part) => `(${part})`).join(" and ")
    }
    case "any": {
      const parts = condition.parts.map((part) => chunkCondition(part, services))
      if (parts.length === 0) return "false"
      return parts.includes(null) ? null : parts.map((part) => `(${part})`).join(" or ")
    }
    case "not":
      return null
    case "compare":
      return ofComparison(condition, services)
  }
}

interface Comparison {
  field: Field
  operator: Operator
  literal: Literal
}

function ofComparison(condition: Comparison, services: readonly Services[]): string | null {
  const { field, operator, literal } = condition
  if (isServiceName(field)) {
    const holds = comparison(operator, literal)
    const ids = services.filter(({ name }) => holds([name])).map(({ id }) => id)
    return ids.length === 0 ? "false" : `c.service_id in (${ids.join(", ")})`
  }
  if (field.of === "intrinsic") return ofIntrinsic(field.name, condition)
  if (literal.type === "nil" && operator === "=") return null
  const concept = aliasOf(field.key)?.concept.name
  const keys = concept === undefined || concept === field.key ? [field.key] : [field.key, concept]
  return keys.map((key) => `(${has(hashFor(key, condition))})`).join(" or ")
}

function hashFor(key: string, { operator, literal }: Comparison): Hash {
  if (operator !== "=" || literal.type === "nil") return keyHash(key)
  const text = String(literal.value)
  return Buffer.byteLength(text) > MAX_VALUE_BYTES ? keyHash(key) : valueHash(key, text)
}

function ofIntrinsic(name: Intrinsic, { operator, literal }: Comparison): string | null {
  if (literal.type === "nil") return null
  const { value } = literal
  switch (name) {
    case "duration":
      return operator === ">" || operator === ">=" || operator === "="
        ? `c.longest_ns >= ${Math.floor(Number(value))}`
        : null
    case "status":
      return bits("c.statuses", STATUSES, { operator, value })
    case "kind":
      return bits("c.kinds", KINDS, { operator, value })
    case "name":
      return operator === "=" ? has(valueHash(OWN_KEYS.name, String(value))) : null
    case "linkTraceId":
      return operator === "=" ? has(valueHash(OWN_KEYS.link, String(value).toLowerCase())) : null
    case "traceId":
      return operator === "=" && /^[0-9a-f]{32}$/.test(String(value)) ? ofTrace(String(value)) : null
    default:
      return null
  }
}

function bits(
  column: string,
  words: readonly string[],
  { operator, value }: { operator: Operator; value: string | number | boolean },
): string | null {
  const bit = 1 << words.indexOf(String(value))
  if (operator === "=") return `${column} & ${bit} <> 0`
  return operator === "!=" ? `${column} & ~${bit} <> 0` : null
}

/** Chunks that have spans of a trace. */
export function ofTrace(traceId: string): string {
  const key = traceKey(Buffer.from(traceId, "hex"))
  return `(c.at, c.id) in (select at, chunk_id from traces.trace where trace = ${key}::bigint)`
}

function has(hash: Hash): string {
  return filterHas("c.filter", hash)
}

/**
 * Bytes that stand in every span that meets a condition, or in its resource: what has none of them need not be read. Only of
 * texts that are kept as they came.
 */
export function needlesOf(condition: Condition): Buffer[] {
  if (condition.is === "all") return condition.parts.flatMap(needlesOf)
  if (condition.is !== "compare") return []
  const { field, operator, literal } = condition
  if (operator !== "=" || literal.type !== "text" || literal.value === "") return []
  if (field.of === "intrinsic") return field.name === "name" ? [Buffer.from(literal.value)] : []
  if (isServiceName(field) || field.scope === "instrumentation") return []
  const concept = aliasOf(field.key)?.concept
  // A number or words of an older generation are compared as texts, too.
  if (concept?.value || /^(-?[\d.]|true|false)/.test(literal.value) || /^[0-9a-f]+$/.test(literal.value))
    return []
  return [Buffer.from(literal.value)]
}
