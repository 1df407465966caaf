import { isStorable } from "#server/storable.ts"

/** The text with U+FFFD for what PostgreSQL stores in no text: NUL, and halves of surrogate pairs, which cutting leaves. */
export function storable(text: string): string {
  return isStorable(text) ? text : text.toWellFormed().replaceAll("\0", "\uFFFD")
}

/**
 * A JSON parameter for a statement. Text from outside cannot make PostgreSQL refuse it; a bigint becomes a number, which
 * holds up to 2^53 exactly.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) => {
    if (typeof one === "string") return storable(one)
    return typeof one === "bigint" ? Number(one) : one
  })
}
