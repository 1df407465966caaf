import type { ConnectionField } from "#server/brokers/system.ts"

/** What stands in the form. */
export type Values = Record<string, string | boolean>

/** What the form starts with. */
export function initialValues(fields: readonly ConnectionField[]): Values {
  return Object.fromEntries(fields.map((field) => [field.name, field.initial ?? emptyOf(field)]))
}

function emptyOf(field: ConnectionField): string | boolean {
  if (field.kind === "switch") return false
  return field.kind === "select" ? (field.options?.[0]?.value ?? "") : ""
}

/** The fields that matter with what is chosen now. */
export function shownFields(fields: readonly ConnectionField[], values: Values): ConnectionField[] {
  return fields.filter(({ when }) => {
    const other = when && values[when.field]
    return when === undefined || (other !== undefined && when.is.includes(other))
  })
}

/** What is sent: shown fields only, so that a password typed for another mechanism never leaves the page. */
export function toConnection(fields: readonly ConnectionField[], values: Values): Record<string, unknown> {
  const filled = shownFields(fields, values).flatMap((field) => {
    const value = values[field.name]
    if (value === undefined || value === "") return []
    return [[field.name, field.kind === "number" ? Number(value) : value] as const]
  })
  return Object.fromEntries(filled)
}
