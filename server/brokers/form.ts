import type { ConnectionField } from "./system.ts"

/** What stands in a connection form, by field name. null: what is stored there is to be forgotten. */
export type FormValues = Readonly<Record<string, unknown>>

/** The fields that matter with what is chosen now. */
export function shownFields(fields: readonly ConnectionField[], values: FormValues): ConnectionField[] {
  return fields.filter(({ when }) => {
    if (when === undefined) return true
    const other = values[when.field]
    return (typeof other === "string" || typeof other === "boolean") && when.is.includes(other)
  })
}

export function isSecret(field: ConnectionField): boolean {
  return field.kind === "secret" || field.kind === "secret-multiline"
}

/**
 * The labels of the fields by which stored secrets would reach somebody new: a server that was added, a protection that
 * was switched off. What was taken away or switched on does not count.
 */
export function newReceivers(
  fields: readonly ConnectionField[],
  stored: FormValues,
  wanted: FormValues,
): string[] {
  const isNew = (field: ConnectionField) => {
    const before = words(field, stored[field.name])
    return words(field, wanted[field.name]).some((word) => !before.includes(word))
  }
  return fields.filter((field) => field.receivesSecrets && isNew(field)).map((field) => field.label)
}

/** The servers that a text names; of a switch, that it is off. */
function words(field: ConnectionField, value: unknown): string[] {
  if (field.kind === "switch") return (value ?? field.initial) === true ? [] : ["off"]
  if (Array.isArray(value)) return value.map(String)
  return typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : []
}
