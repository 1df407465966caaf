import { DomainError } from "#server/errors.ts"

/** Where a page begins: what comes after a value, and after an id among equal values. */
export interface Place {
  value: bigint
  /** Hexadecimal; empty: nothing of that value. */
  id: string
}

export function toCursor({ value, id }: Place): string {
  return `${value}.${id}`
}

/** Throws a DomainError for what is no cursor. */
export function fromCursor(text: string): Place {
  const [, value, id] = /^(\d{1,19})\.([0-9a-f]{0,48})$/.exec(text) ?? []
  if (value === undefined || id === undefined)
    throw new DomainError("bad_input", "The cursor is not one that a search has returned.")
  return { value: BigInt(value), id }
}

/** Descending: larger values first, then larger ids. */
export function isAfter(one: Place, place: Place): boolean {
  return one.value < place.value || (one.value === place.value && one.id < place.id)
}

export function inOrder(one: Place, other: Place): number {
  if (one.value !== other.value) return one.value < other.value ? 1 : -1
  return one.id < other.id ? 1 : one.id > other.id ? -1 : 0
}
