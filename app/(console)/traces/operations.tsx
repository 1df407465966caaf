import Link from "next/link"
import { count, latency, percent } from "#app/ui/format.ts"
import type { Column } from "#app/ui/table.tsx"
import type { OperationCalls } from "#server/traces/index.ts"
import { KINDS } from "#server/traces/kinds.ts"
import { tracePath } from "../paths.ts"

export const operationColumns: Column<OperationCalls>[] = [
  { key: "service", label: "Service", cell: (row) => row.service },
  { key: "operation", label: "Operation", cell: (row) => row.operation },
  { key: "kind", label: "Kind", cell: (row) => KINDS[row.kind] },
  { key: "calls", label: "Calls", numeric: true, cell: (row) => count(row.calls) },
  {
    key: "errors",
    label: "Errors",
    numeric: true,
    cell: (row) => (
      <span className={row.errors > 0 ? "bad" : undefined}>{percent(row.errors / row.calls)}</span>
    ),
  },
  { key: "p50", label: "p50", numeric: true, cell: (row) => latency(row.p50Ms) },
  { key: "p95", label: "p95", numeric: true, cell: (row) => latency(row.p95Ms) },
  { key: "p99", label: "p99", numeric: true, cell: (row) => latency(row.p99Ms) },
  {
    key: "slowest",
    label: "Slowest trace",
    numeric: true,
    cell: (row) => <Link href={tracePath(row.slowestTraceId)}>{latency(row.slowestMs)}</Link>,
  },
]
