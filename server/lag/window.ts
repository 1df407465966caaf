/** Rows of one series over the last minutes, oldest first: what rates and rules look at. */
export interface Row {
  at: number
  values: readonly (number | null)[]
}

/** How far back rates and rules look, in ms. */
export const WINDOW_MS = 300_000

/** Adds a row and forgets those that have left the window. */
export function push(rows: Row[], row: Row): void {
  rows.push(row)
  const from = row.at - WINDOW_MS
  let drop = 0
  while (drop < rows.length - 1 && (rows[drop]?.at ?? 0) < from) drop += 1
  if (drop > 0) rows.splice(0, drop)
}

/** One partition's values over the window. */
export function column(rows: readonly Row[], partition: number): (number | null)[] {
  return rows.map((row) => row.values[partition] ?? null)
}

export function times(rows: readonly Row[]): number[] {
  return rows.map((row) => row.at)
}
