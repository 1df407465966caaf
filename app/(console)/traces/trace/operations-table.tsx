"use client"

import { useMemo } from "react"
import { DataTable } from "#app/ui/data-table.tsx"
import { count } from "#app/ui/format.ts"
import type { Column } from "#app/ui/table.tsx"
import { durationNs, type SpanNode, type TraceModel } from "./model.ts"
import { ShapeOf } from "./shape.tsx"
import { took } from "./took.ts"
import type { TraceState } from "./use-trace-state.ts"

interface Operation {
  key: string
  longest: SpanNode
  spans: number
  errors: number
  selfNs: number
  pathNs: number
  totalNs: number
}

/** What a trace did, by operation, that with most time of its own first. */
export function OperationsTable({ state }: { state: TraceState }) {
  const rows = useMemo(() => operationsOf(state.model), [state.model])
  return (
    <section className="panel" aria-label="Operations">
      <DataTable
        name="trace-operations"
        label="Operations of the trace"
        columns={columnsOf(state)}
        rows={rows}
        keyOf={(row) => row.key}
      />
    </section>
  )
}

function operationsOf({ tree, selfNs, pathOf }: TraceModel): Operation[] {
  const found = new Map<string, Operation>()
  for (const node of tree.nodes) {
    const { service, name, kind } = node.span
    const key = `${service} ${kind} ${name}`
    const none = { spans: 0, errors: 0, selfNs: 0, pathNs: 0, totalNs: 0 }
    const row = found.get(key) ?? { key, longest: node, ...none }
    found.set(key, row)
    row.spans++
    row.errors += node.span.isError ? 1 : 0
    row.selfNs += selfNs.get(node) ?? 0
    row.totalNs += durationNs(node)
    for (const { fromNs, toNs, is } of pathOf.get(node) ?? []) row.pathNs += is === "self" ? toNs - fromNs : 0
    if (durationNs(node) > durationNs(row.longest)) row.longest = node
  }
  return [...found.values()].sort((a, b) => b.selfNs - a.selfNs)
}

function columnsOf({ open }: TraceState): Column<Operation>[] {
  const time = (key: string, label: string, of: (row: Operation) => number): Column<Operation> => ({
    ...{ key, label, numeric: true, card: "number" },
    text: (row) => of(row) / 1e6,
    cell: (row) => took(of(row)),
  })
  return [
    {
      ...{ key: "operation", label: "Operation", card: "name" },
      text: ({ longest }) => longest.span.name,
      cell: ({ longest }) => (
        <button type="button" className="link name-like" onClick={() => open(longest)}>
          <ShapeOf span={longest.span} /> {longest.span.name}
        </button>
      ),
    },
    {
      ...{ key: "service", label: "Service", card: "line" },
      text: ({ longest }) => longest.span.service,
      cell: ({ longest }) => longest.span.service,
    },
    {
      ...{ key: "spans", label: "Spans", numeric: true },
      text: (row) => row.spans,
      cell: (row) => count(row.spans),
    },
    {
      ...{ key: "errors", label: "Errors", numeric: true, card: "badge" },
      text: (row) => row.errors,
      cell: (row) => <span className={row.errors > 0 ? "bad" : "quiet"}>{count(row.errors)}</span>,
    },
    time("self", "Self time", (row) => row.selfNs),
    time("path", "On the critical path", (row) => row.pathNs),
    time("longest", "Longest", (row) => durationNs(row.longest)),
    time("total", "All", (row) => row.totalNs),
  ]
}
