import { z } from "zod"

const KEY = "signalbox.recent"
const MAX_KEPT = 8
const schema = z.array(z.object({ path: z.string(), title: z.string() })).catch([])

/** A page about one thing that was looked at in this browser. */
export type Recent = z.output<typeof schema>[number]

/** The latest first. */
export function recentPages(): Recent[] {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? "[]"))
  } catch {
    return []
  }
}

/** Remembers a page; the oldest make room. */
export function visited(page: Recent): void {
  const others = recentPages().filter(({ path }) => path !== page.path)
  localStorage.setItem(KEY, JSON.stringify([page, ...others].slice(0, MAX_KEPT)))
}
