import { count } from "./format.ts"

interface Props {
  /** From 1. */
  page: number
  go: (page: number) => void
  total: number | undefined
  pageSize?: number | undefined
}

/** The way through a list that the server sends page by page; nothing where one page holds it all. */
export function Pager({ page, go, total, pageSize = 50 }: Props) {
  if (total === undefined || total <= pageSize) return null
  const last = Math.ceil(total / pageSize)
  return (
    <nav className="row after" aria-label="Pages">
      <button type="button" className="field" disabled={page <= 1} onClick={() => go(page - 1)}>
        Previous
      </button>
      <span className="quiet">
        {count((page - 1) * pageSize + 1)}–{count(Math.min(total, page * pageSize))} of {count(total)}
      </span>
      <button type="button" className="field" disabled={page >= last} onClick={() => go(page + 1)}>
        Next
      </button>
    </nav>
  )
}
