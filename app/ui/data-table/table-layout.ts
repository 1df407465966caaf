/** How somebody likes a table: columns that are not shown, and widths in pixels. */
export interface Layout {
  hidden: Record<string, false>
  widths: Record<string, number>
}

const keyOf = (name: string) => `signalbox.table.${name}`

/** The layout that this browser remembers. */
export function readLayout(name: string): Layout {
  const kept = keptAs(name)
  // By hand: a library that checks shapes would be a seventh of what a list loads.
  return {
    hidden: Object.fromEntries(
      entriesOf(kept.hidden).flatMap(([key, one]) => (one === false ? [[key, one]] : [])),
    ),
    widths: Object.fromEntries(
      entriesOf(kept.widths).flatMap(([key, one]) => (typeof one === "number" ? [[key, one]] : [])),
    ),
  }
}

function keptAs(name: string): { hidden?: unknown; widths?: unknown } {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(name)) ?? "null")
    return typeof kept === "object" && kept !== null ? kept : {}
  } catch {
    return {}
  }
}

function entriesOf(value: unknown): [string, unknown][] {
  return typeof value === "object" && value !== null ? Object.entries(value) : []
}

/** Remembers it in this browser. */
export function keepLayout(name: string, layout: Layout): void {
  if (Object.keys(layout.hidden).length + Object.keys(layout.widths).length === 0)
    localStorage.removeItem(keyOf(name))
  else localStorage.setItem(keyOf(name), JSON.stringify(layout))
}
