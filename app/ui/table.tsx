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
}

export interface Order {
  sort: string
  dir: "asc" | "desc"
  page: number
}

interface Props<Row> {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  keyOf: (row: Row) => string
  order?: Order
  setOrder?: (order: Partial<Order>) => void
  total?: number
  pageSize?: number
}

/** A table whose order and paging the server does; cards at phone width. */
export function Table<Row>(props: Props<Row>) {
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
      {props.order && props.setOrder && (
        <Pager
          page={props.order.page}
          go={(page) => props.setOrder?.({ page })}
          total={props.total}
          pageSize={props.pageSize}
        />
      )}
    </>
  )
}

interface HeadProps<Row> {
  column: Column<Row>
  order: Order | undefined
  setOrder: ((order: Partial<Order>) => void) | undefined
}

function Head<Row>({ column, order, setOrder }: HeadProps<Row>) {
  const active = order !== undefined && column.sort === order.sort
  const direction = active ? (order.dir === "asc" ? "ascending" : "descending") : undefined
  const next = active && order.dir === "desc" ? "asc" : "desc"
  const { sort } = column
  return (
    <th className={column.numeric ? "num" : undefined} aria-sort={direction}>
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
    </th>
  )
}
