/** What a legend says of a line; null: nothing of it is known. */
export interface Stats {
  last: number | null
  min: number | null
  max: number | null
  avg: number | null
}

/** Of the known values; unknown ones are left out, not counted as zero. */
export function statsOf(values: readonly (number | null)[]): Stats {
  const known = values.filter((value) => value !== null)
  const last = known.at(-1)
  if (last === undefined) return { last: null, min: null, max: null, avg: null }
  const sum = known.reduce((total, value) => total + value, 0)
  return {
    last,
    min: known.reduce((least, value) => Math.min(least, value)),
    max: known.reduce((most, value) => Math.max(most, value)),
    avg: sum / known.length,
  }
}

/** Lines that are hidden after a press on one: it alone, or with `only` all others; once more shows all. */
export function toggled(
  hidden: ReadonlySet<string>,
  name: string,
  of: { all: readonly string[]; only: boolean },
): ReadonlySet<string> {
  const others = of.all.filter((one) => one !== name)
  if (of.only) {
    const isAlone = !hidden.has(name) && others.every((one) => hidden.has(one))
    return new Set(isAlone ? [] : others)
  }
  const next = new Set(hidden)
  if (!next.delete(name)) next.add(name)
  return next
}
