import type { Column } from "./table.tsx"
import { type Bound, Value } from "./value.tsx"

interface NumberOf<Row> extends Pick<Column<Row>, "label" | "sort" | "card"> {
  of: (row: Row) => number | null
  as: (value: number) => string
  /** Why it may be unknown. */
  why: string
  /** Red above zero. */
  bad?: boolean
  /** How far it is to be trusted. */
  bound?: (row: NoInfer<Row>) => Bound
}

/** A column of numbers, any of which may be unknown. */
export function numberColumn<Row>(key: string, column: NumberOf<Row>): Column<Row> {
  const { of, as, why, bad, bound, ...head } = column
  return {
    key,
    ...head,
    numeric: true,
    text: of,
    cell: (row) => (
      <Value of={of(row)} as={as} why={why} bad={bad === true && (of(row) ?? 0) > 0} bound={bound?.(row)} />
    ),
  }
}
