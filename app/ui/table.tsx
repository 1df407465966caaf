"use client"

import type { ReactNode } from "react"
import { Pager } from "./pager.tsx"

export interface Column<Row> {
  key: string
  label: string
  /** The server's name of the order, where it can be sorted by it. */
  sort?: string
  numeric?: boolean
  /** Stands in the head instead of the label. */
  head?: ReactNode
  cell: (row: Row) => ReactNode
  /** The same for a file; columns without it are not part of one. */
  text?: (row: Row) => string | number | null
  /**
   * Where it stands on the card that a row is on a phone: name and badge on the first line, numbers on the second, what
   * takes the whole width on the third. Where columns of a table have places, those without are left out.
   */
  card?: "name" | "badge" | "number" | "line"
}

export interface Order {
  sort: string
  dir: "asc" | "desc"
  page: number
}

interface PagerProps {
  order?: Order
  setOrder?: (order: Partial<Order>) => void
  total?: number
  pageSize?: number
}

export interface TableProps<Row> extends PagerProps {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf: (row: Row) => string
}

/** A short table, whose order and paging the server does; cards at phone width. For long lists: `DataTable`. */
export function Table<Row>(props: TableProps<Row>) {
  return (
    <>
      <div className="scroll">
        <table className="grid cards-on-phone" aria-label={props.label}>
          <thead>
            <tr>
              {props.columns.map((column) => (
                <Head key={column.key} column={column} order={props.order} setOrder={props.setOrder} />
              ))}
            </tr>
          </thead>
          <tbody>
            {props.rows.map((row) => (
              <tr key={props.keyOf(row)}>
                {props.columns.map((column) => (
                  <td
                    key={column.key}
                    data-label={column.label}
                    className={column.numeric ? "num" : undefined}
                  >
                    {column.cell(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className="row after">
        <OrderPager {...props} />
      </div>
    </>
  )
}

interface HeadProps<Row> {
  column: Column<Row>
  order: Order | undefined
  setOrder: ((order: Partial<Order>) => void) | undefined
  /** More classes. */
  classes?: string
  children?: ReactNode
}

/** The head of a column; sorts where the server can. */
export function Head<Row>({ column, order, setOrder, classes, children }: HeadProps<Row>) {
  const active = order !== undefined && column.sort === order.sort
  const direction = active ? (order.dir === "asc" ? "ascending" : "descending") : undefined
  const next = active && order.dir === "desc" ? "asc" : "desc"
  const { sort } = column
  const className = [column.numeric ? "num" : "", classes ?? ""].filter(Boolean).join(" ") || undefined
  return (
    <th className={className} aria-sort={direction}>
      {sort && setOrder ? (
        <button
          type="button"
          onClick={() => setOrder({ sort, dir: active ? next : column.numeric ? "desc" : "asc", page: 1 })}
        >
          {column.label} {active ? (order.dir === "asc" ? "↑" : "↓") : ""}
        </button>
      ) : (
        (column.head ?? column.label)
      )}
      {children}
    </th>
  )
}

/** The way to the next page of what the server orders; nothing where there is one only. */
export function OrderPager({ order, setOrder, total, pageSize }: PagerProps) {
  if (!order || !setOrder) return null
  return <Pager page={order.page} go={(page) => setOrder({ page })} total={total} pageSize={pageSize} />
}
