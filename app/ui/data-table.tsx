"use client"

import { useVirtualizer } from "@tanstack/react-virtual"
import { type ReactNode, useLayoutEffect, useRef } from "react"
import { SelectionBar } from "./data-table/selection.tsx"
import { ColumnChoice, CsvButton } from "./data-table/tools.tsx"
import { type DataTableModel, useDataTable } from "./data-table/use-data-table.ts"
import { Resizer, useWidths } from "./data-table/widths.tsx"
import { type Column, Head, OrderPager, type TableProps } from "./table.tsx"

interface Props<Row> extends TableProps<Row> {
  /** Under which its columns and widths are remembered, and its file is saved. */
  name: string
  /** What can be done to the rows that are selected; without it none can be. */
  acts?: (selected: Row[], clear: () => void) => ReactNode
  /** What a row is called where it is selected; default: its key. */
  nameOf?: (row: Row) => string
}

/** From so many rows on, only those in view are drawn. */
const VIRTUAL_FROM = 100
const ROW_PX = 38
/** What a server draws, which has no window. */
const FIRST_RECT = { width: 1280, height: 900 }

/**
 * A long list: columns can be chosen and resized, the first one and the head stay in view, what is shown can be saved as
 * CSV, rows can be selected where something can be done to them. Order and paging are the server's. On a phone rows are
 * cards of three lines.
 */
export function DataTable<Row>(props: Props<Row>) {
  const { name, label, columns, rows, keyOf, acts, order, setOrder } = props
  const table = useDataTable({
    name,
    columns: columns.map((one) => one.key),
    rows: rows.map(keyOf),
  })
  const scroller = useRef<HTMLDivElement>(null)
  const isVirtual = rows.length >= VIRTUAL_FROM
  const virtualizer = useVirtualizer({
    count: rows.length,
    enabled: isVirtual,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 15,
    initialRect: FIRST_RECT,
  })
  const element = useRef<HTMLTableElement>(null)
  useWidths(element, table, isVirtual)
  const shown = table.getVisibleLeafColumns().flatMap(({ id }) => columns.find((one) => one.key === id) ?? [])
  const items = virtualizer.getVirtualItems()
  const drawn = isVirtual ? items.map((item) => item.index) : rows.map((_, i) => i)
  const before = isVirtual ? (items[0]?.start ?? 0) : 0
  const after = isVirtual ? virtualizer.getTotalSize() - (items.at(-1)?.end ?? 0) : 0
  const selected = acts ? rows.filter((row) => table.state.rowSelection[keyOf(row)]) : []
  const clear = () => table.setRowSelection({})
  const hasCards = columns.some((one) => one.card !== undefined)
  const columnCount = shown.length + (acts ? 1 : 0)
  return (
    <>
      {acts && (
        <SelectionBar selected={selected.length} clear={clear}>
          {acts(selected, clear)}
        </SelectionBar>
      )}
      <div className="scroll list-scroll" ref={scroller} data-virtual={isVirtual || undefined}>
        <table
          ref={element}
          className={`grid data-table ${hasCards ? "three-lines" : "cards-on-phone"}`}
          aria-label={label}
          aria-rowcount={isVirtual ? rows.length + 1 : undefined}
        >
          <thead>
            <tr>
              {acts && <SelectAll table={table} />}
              {shown.map((column, i) => (
                <Head
                  key={column.key}
                  column={column}
                  order={order}
                  setOrder={setOrder}
                  classes={i === 0 ? "first" : undefined}
                >
                  <Resizer table={table} id={column.key} element={element} />
                </Head>
              ))}
            </tr>
          </thead>
          <tbody>
            <Space px={before} columns={columnCount} />
            {drawn.map((i) => {
              const row = rows[i]
              if (row === undefined) return null
              const key = keyOf(row)
              return (
                <tr
                  key={key}
                  ref={isVirtual ? virtualizer.measureElement : undefined}
                  data-index={i}
                  aria-rowindex={isVirtual ? i + 2 : undefined}
                  aria-selected={acts ? Boolean(table.state.rowSelection[key]) : undefined}
                >
                  {acts && (
                    <td className="select-cell">
                      <input
                        type="checkbox"
                        aria-label={`Select ${props.nameOf?.(row) ?? key}`}
                        checked={Boolean(table.state.rowSelection[key])}
                        onChange={(event) => table.getRow(key).toggleSelected(event.target.checked)}
                      />
                    </td>
                  )}
                  {shown.map((column, at) => (
                    <Cell key={column.key} column={column} row={row} isFirst={at === 0} />
                  ))}
                </tr>
              )
            })}
            <Space px={after} columns={columnCount} />
          </tbody>
        </table>
      </div>
      <div className="row after">
        <OrderPager {...props} />
        <span className="grow" />
        <ColumnChoice table={table} columns={columns} />
        <CsvButton name={name} table={table} columns={columns} rows={rows} />
      </div>
    </>
  )
}

function Cell<Row>(props: { column: Column<Row>; row: Row; isFirst: boolean }) {
  const { column, row, isFirst } = props
  const className = [column.numeric ? "num" : "", isFirst ? "first" : ""].filter(Boolean).join(" ")
  return (
    <td data-label={column.label} data-card={column.card} className={className || undefined}>
      {column.cell(row)}
    </td>
  )
}

function SelectAll({ table }: { table: DataTableModel }) {
  const some = table.getIsSomeRowsSelected()
  return (
    <th className="select-cell">
      <input
        type="checkbox"
        aria-label="Select all rows shown"
        ref={(box) => {
          if (box) box.indeterminate = some
        }}
        checked={table.getIsAllRowsSelected()}
        onChange={(event) => table.toggleAllRowsSelected(event.target.checked)}
      />
    </th>
  )
}

/** The room of the rows that are not drawn. */
function Space(props: { px: number; columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null)
  useLayoutEffect(() => {
    cell.current?.style.setProperty("height", `${props.px}px`)
  }, [props.px])
  if (props.px <= 0) return null
  return (
    <tr className="space">
      <td ref={cell} colSpan={props.columns} />
    </tr>
  )
}
