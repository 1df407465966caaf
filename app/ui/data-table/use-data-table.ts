"use client"

import { createColumnHelper, useTable } from "@tanstack/react-table"
import { useEffect, useLayoutEffect, useMemo } from "react"
import { features } from "./features.ts"
import { keepLayout, type Layout, readLayout } from "./table-layout.ts"

interface Options {
  name: string
  /** Keys of the columns and of the rows, in their order. */
  columns: string[]
  rows: string[]
}

interface Keyed {
  key: string
}

const MIN_PX = 48

/** The model of a long list: which columns are shown, how wide, which rows are selected; remembered under its name. */
export function useDataTable({ name, columns, rows }: Options) {
  const keys = columns.join("\n")
  const rowKeys = rows.join("\n")
  const defs = useMemo(() => {
    const helper = createColumnHelper<typeof features, Keyed>()
    return keys.split("\n").map((id, i) => helper.display({ id, enableHiding: i > 0, minSize: MIN_PX }))
  }, [keys])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keys stand for their array
  const data = useMemo(() => rows.map((key) => ({ key })), [rowKeys])
  const [first = ""] = keys.split("\n")
  const table = useTable({
    features,
    columns: defs,
    data,
    getRowId: (row) => row.key,
    columnResizeMode: "onChange",
    initialState: { columnPinning: { start: [first], end: [] } },
  })
  const { columnVisibility, columnSizing, columnResizing } = table.state
  // The server does not know what a browser remembers: it comes right after, before anything is drawn.
  // biome-ignore lint/correctness/useExhaustiveDependencies: read once for each name
  useLayoutEffect(() => {
    const { hidden, widths } = readLayout(name)
    table.setColumnVisibility(hidden)
    table.setColumnSizing(widths)
  }, [name])
  useEffect(() => {
    if (columnResizing.isResizingColumn !== false) return
    keepLayout(name, layoutOf(columnVisibility, columnSizing))
  }, [name, columnVisibility, columnSizing, columnResizing.isResizingColumn])
  return table
}

export type DataTableModel = ReturnType<typeof useDataTable>

function layoutOf(visible: Record<string, boolean>, widths: Record<string, number>): Layout {
  const hidden = Object.entries(visible).flatMap(([key, on]) => (on ? [] : [[key, false as const]]))
  return { hidden: Object.fromEntries(hidden), widths }
}
