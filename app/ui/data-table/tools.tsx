"use client"

import { IconColumns, IconDownload } from "@tabler/icons-react"
import { Popover } from "../popover.tsx"
import type { Column } from "../table.tsx"
import type { DataTableModel } from "./use-data-table.ts"

/** Which columns are shown. */
export function ColumnChoice<Row>(props: { table: DataTableModel; columns: Column<Row>[] }) {
  const { table, columns } = props
  const label = (id: string) => columns.find((one) => one.key === id)?.label ?? id
  return (
    <Popover
      label="Columns"
      className="field quiet-button"
      summary={<IconColumns size={16} aria-hidden="true" />}
    >
      <fieldset className="plain stack">
        <legend className="group-label">Columns</legend>
        {table
          .getAllLeafColumns()
          .filter((column) => column.getCanHide())
          .map((column) => (
            <label key={column.id} className="row check">
              <input
                type="checkbox"
                checked={column.getIsVisible()}
                onChange={(event) => column.toggleVisibility(event.target.checked)}
              />
              {label(column.id)}
            </label>
          ))}
      </fieldset>
      <button
        type="button"
        className="field"
        onClick={() => {
          table.setColumnVisibility({})
          table.setColumnSizing({})
        }}
      >
        Reset columns
      </button>
    </Popover>
  )
}

/** What is shown, as a file. */
export function CsvButton<Row>(props: {
  name: string
  table: DataTableModel
  columns: Column<Row>[]
  rows: Row[]
}) {
  const { name, table, columns, rows } = props
  const save = async () => {
    const { csvOf } = await import("./csv.ts")
    const shown = new Set(table.getVisibleLeafColumns().map((column) => column.id))
    const text = csvOf(
      columns.filter((one) => shown.has(one.key)),
      rows,
    )
    const link = document.createElement("a")
    link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }))
    link.download = `${name}.csv`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  return (
    <button
      type="button"
      className="field quiet-button"
      aria-label="Download as CSV"
      title="Download what is shown as CSV"
      onClick={() => void save()}
    >
      <IconDownload size={16} aria-hidden="true" />
    </button>
  )
}
