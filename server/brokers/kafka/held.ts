import { type Budget, budgetOf } from "#server/budget.ts"

const MB = 1 << 20

/** Messages that are handed on, and worked on. */
export function pieces(): Budget {
  return budgetOf("pieces", 64 * MB, 30_000)
}

/** What was fetched and not yet worked on, as it came. */
export function fetches(): Budget {
  return budgetOf("fetches", 32 * MB, 2000)
}
