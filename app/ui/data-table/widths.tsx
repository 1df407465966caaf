"use client"

import { useLayoutEffect } from "react"
import type { DataTableModel } from "./use-data-table.ts"

interface ResizerProps {
  table: DataTableModel
  id: string
  element: { current: HTMLTableElement | null }
}

/** The right edge of a head: dragged, it sets the width of its column; a double click gives back the width of its content. */
export function Resizer({ table, id, element }: ResizerProps) {
  const header = table.getFlatHeaders().find((one) => one.column.id === id)
  if (!header) return null
  const start = (event: unknown) => {
    freeze(element.current, table)
    header.getResizeHandler()(event)
  }
  return (
    <span
      className="resizer"
      aria-hidden="true"
      onMouseDown={start}
      onTouchStart={start}
      onDoubleClick={() => table.setColumnSizing({})}
    />
  )
}

/** Takes the widths that the columns have now for chosen, so that one can change and the others stay. */
function freeze(element: HTMLTableElement | null, table: DataTableModel): void {
  if (!element || Object.keys(table.state.columnSizing).length > 0) return
  const heads = [...element.querySelectorAll<HTMLElement>("thead th:not(.select-cell)")]
  const widths = table
    .getVisibleLeafColumns()
    .map(({ id }, i) => [id, Math.ceil(heads[i]?.getBoundingClientRect().width ?? 0)] as const)
  // A list that is not on the screen has no widths.
  if (widths.some(([, width]) => width === 0)) return
  table.setColumnSizing(Object.fromEntries(widths))
}

/** Draws the widths that were chosen; rows that come and go while one scrolls change none. */
export function useWidths(
  element: { current: HTMLTableElement | null },
  table: DataTableModel,
  isVirtual: boolean,
): void {
  const { columnSizing, columnVisibility } = table.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: follows the widths and the columns that are shown
  useLayoutEffect(() => {
    const drawn = element.current
    if (!drawn) return
    const isFixed = Object.keys(columnSizing).length > 0
    drawn.classList.toggle("fixed", isFixed)
    const heads = [...drawn.querySelectorAll<HTMLElement>("thead th:not(.select-cell)")]
    for (const [i, column] of table.getVisibleLeafColumns().entries())
      heads[i]?.style.setProperty("width", isFixed ? `${column.getSize()}px` : "")
    if (isVirtual && !isFixed) freeze(drawn, table)
  }, [columnSizing, columnVisibility, isVirtual])
}
