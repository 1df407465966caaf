import { z } from "zod"
import type { Context } from "#server/context.ts"
import { text, time } from "#server/inputs.ts"
import { KINDS, STATUSES } from "../kinds.ts"
import { valueText } from "../semconv/facts-of.ts"
import { readBodies } from "../storing/bodies.ts"
import { MS_NS } from "../times.ts"
import type { Condition, Field } from "../traceql/ast.ts"
import { fieldOf } from "../traceql/fields.ts"
import { candidates } from "./candidates.ts"
import { isServiceName, readerOf } from "./match.ts"
import { chunkCondition } from "./plan.ts"
import { spansIn } from "./stored-span.ts"

const MAX_OFFERED = 50
/** Chunks whose values are counted: the newest that have the key. */
const LOOKED_AT = 24
const LONGEST_VALUE = 200

export const suggestKeysInput = z.object({
  /** Of this service; all when it is empty. */
  service: text(255).default(""),
  /** Within the key. */
  search: text(255).default(""),
})

/** A field as a query names it, such as span.http.route. */
export interface KeySuggestion {
  field: string
  scope: string
  services: number
}

/** The keys of attributes that services have sent, those of most services first. */
export async function suggestKeys(
  { store }: Pick<Context, "store">,
  { service, search }: z.output<typeof suggestKeysInput>,
): Promise<KeySuggestion[]> {
  const { rows } = await store.pool.query<{ scope: string; key: string; services: number }>(
    `select a.scope, a.key, count(*)::int as services from traces.attribute a join traces.service s on s.id = a.service_id
     where ($1 = '' or s.name = $1) and strpos(lower(a.key), lower($2)) > 0
     group by a.scope, a.key order by strpos(lower(a.key), lower($2)), services desc, a.key limit ${MAX_OFFERED}`,
    [service, search],
  )
  return rows.map(({ scope, key, services }) => ({ field: fieldText(scope, key), scope, services }))
}

const PLAIN = /^[A-Za-z0-9_.\-/:@]+$/

function fieldText(scope: string, key: string): string {
  return `${scope}.${PLAIN.test(key) ? key : JSON.stringify(key)}`
}

export const suggestValuesInput = z.object({
  /** A field as a query names it. */
  field: text(300),
  service: text(255).default(""),
  search: text(255).default(""),
  from: time,
  to: time,
})

export interface ValueSuggestions {
  /** The most frequent first. */
  values: { value: string; spans: number }[]
  /** Spans that were looked at: of a longer range the newest only. */
  lookedAt: number
}

/** Values that a field has had, from the newest spans of the range. Throws a DomainError for what is no field. */
export async function suggestValues(
  { store }: Pick<Context, "store">,
  input: z.output<typeof suggestValuesInput>,
): Promise<ValueSuggestions> {
  const field = fieldOf(input.field, 0)
  const known = ownValues(field)
  const { rows: services } = await store.pool.query<{ id: number; name: string }>(
    "select id, name from traces.service order by name",
  )
  const fixed = isServiceName(field) ? services.map(({ name }) => name) : known
  const needle = input.search.toLowerCase()
  if (fixed) {
    const values = fixed.filter((value) => value.toLowerCase().includes(needle))
    return { values: values.slice(0, MAX_OFFERED).map((value) => ({ value, spans: 0 })), lookedAt: 0 }
  }
  const looking = {
    from: BigInt(Math.floor(input.from)) * MS_NS,
    to: BigInt(Math.floor(input.to)) * MS_NS,
    order: "newest" as const,
    condition: chunkCondition(present(field, input.service), services),
  }
  const chunks = await candidates(store, looking, { after: null, most: LOOKED_AT })
  const counts = new Map<string, number>()
  const valuesOf = readerOf(field)
  let lookedAt = 0
  for await (const { data, service } of readBodies(store, chunks))
    for (const span of spansIn(data, service)) {
      lookedAt++
      for (const value of valuesOf(span)) {
        const words = valueText(value)?.slice(0, LONGEST_VALUE) ?? ""
        if (words !== "" && words.toLowerCase().includes(needle))
          counts.set(words, (counts.get(words) ?? 0) + 1)
      }
    }
  const values = [...counts].map(([value, spans]) => ({ value, spans }))
  return { values: values.sort((a, b) => b.spans - a.spans).slice(0, MAX_OFFERED), lookedAt }
}

function ownValues(field: Field): readonly string[] | null {
  if (field.of !== "intrinsic") return null
  if (field.name === "status") return STATUSES
  return field.name === "kind" ? KINDS : null
}

/** That a field is there, of a service where one is named. */
function present(field: Field, service: string): Condition {
  const literal = { type: "nil" } as const
  const there: Condition = { is: "compare", field, operator: "!=", literal }
  if (service === "") return there
  const name = { of: "attribute", scope: "resource", key: "service.name" } as const
  const isOf: Condition = {
    is: "compare",
    field: name,
    operator: "=",
    literal: { type: "text", value: service },
  }
  return { is: "all", parts: [isOf, there] }
}
