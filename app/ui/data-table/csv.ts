import { csvLine } from "#server/csv.ts"
import type { Column } from "../table.tsx"

/** The columns that have a text, with their names above, as CSV. */
export function csvOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const shown = columns.filter((one) => one.text !== undefined)
  const lines = rows.map((row) => csvLine(shown.map((one) => String(one.text?.(row) ?? ""))))
  return [csvLine(shown.map((one) => one.label)), ...lines].join("")
}
