import { shownFields } from "#server/brokers/form.ts"
import type { ConnectionField } from "#server/brokers/system.ts"

/** What stands in the form; null: the secret that is stored is to be forgotten. */
export type Values = Record<string, string | boolean | null>

/** What the form of a new connection starts with. */
export function initialValues(fields: readonly ConnectionField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, field.initial ?? emptyOf(field)]))
}

function emptyOf(field: ConnectionField): string | boolean {
  if (field.kind === "switch") return false
  return field.kind === "select" ? (field.options?.[0]?.value ?? "") : ""
}

/** What is sent: shown fields only, so that a password typed for another mechanism never leaves the page. */
export function toConnection(fields: readonly ConnectionField[], values: Values): Record<string, unknown> {
  const filled = shownFields(fields, values).flatMap((field) => {
    const value = values[field.name]
    if (value === undefined || value === "") return []
    return [[field.name, field.kind === "number" && value !== null ? Number(value) : value] as const]
  })
  return Object.fromEntries(filled)
}
