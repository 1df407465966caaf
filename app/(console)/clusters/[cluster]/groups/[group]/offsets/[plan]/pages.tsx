"use client"

import { count } from "#app/ui/format.ts"

const SIZE = 50

/** Leads through the pages of a plan's partitions. */
export function Pages(props: { page: number; total: number; set: (page: number) => void }) {
  const { page, total, set } = props
  const last = Math.max(1, Math.ceil(total / SIZE))
  if (last === 1) return null
  return (
    <nav className="row" aria-label="Pages">
      <button type="button" className="field" disabled={page <= 1} onClick={() => set(page - 1)}>
        Previous
      </button>
      <span className="quiet">
        {count((page - 1) * SIZE + 1)}–{count(Math.min(total, page * SIZE))} of {count(total)}
      </span>
      <button type="button" className="field" disabled={page >= last} onClick={() => set(page + 1)}>
        Next
      </button>
    </nav>
  )
}
