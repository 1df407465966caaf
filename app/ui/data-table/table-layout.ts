import { z } from "zod"

const schema = z.object({
  hidden: z.record(z.string(), z.literal(false)),
  widths: z.record(z.string(), z.number()),
})

/** How somebody likes a table: columns that are not shown, and widths in pixels. */
export type Layout = z.infer<typeof schema>

const keyOf = (name: string) => `signalbox.table.${name}`

/** The layout that this browser remembers. */
export function readLayout(name: string): Layout {
  const none: Layout = { hidden: {}, widths: {} }
  try {
    return schema.parse(JSON.parse(localStorage.getItem(keyOf(name)) ?? "null"))
  } catch {
    return none
  }
}

/** Remembers it in this browser. */
export function keepLayout(name: string, layout: Layout): void {
  if (Object.keys(layout.hidden).length + Object.keys(layout.widths).length === 0)
    localStorage.removeItem(keyOf(name))
  else localStorage.setItem(keyOf(name), JSON.stringify(layout))
}
