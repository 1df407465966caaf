import type { ServiceRow } from "#server/traces/index.ts"
import type { ServiceSort } from "./search-params.ts"

const VALUES: Record<Exclude<ServiceSort, "worst">, (row: ServiceRow) => number | string | null> = {
  service: (row) => row.service,
  calls: (row) => row.callsPerSecond,
  errors: (row) => row.errorRate,
  p50: (row) => row.p50Ms,
  p95: (row) => row.p95Ms,
  p99: (row) => row.p99Ms,
  burn: (row) => row.objective?.burnRate ?? null,
}

/** Rows in an order; what is unknown comes last. The worst first is the order in which the server sends them. */
export function inOrder(
  rows: readonly ServiceRow[],
  { sort, dir }: { sort: ServiceSort; dir: "asc" | "desc" },
): ServiceRow[] {
  if (sort === "worst") return [...rows]
  const of = VALUES[sort]
  const sign = dir === "asc" ? 1 : -1
  return [...rows].sort((one, other) => {
    const [a, b] = [of(one), of(other)]
    if (a === null || b === null) return Number(a === null) - Number(b === null)
    return a === b ? 0 : sign * (a < b ? -1 : 1)
  })
}
