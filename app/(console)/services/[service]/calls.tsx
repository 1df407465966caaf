"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { servicePath, tracePath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { count, percent, plural } from "#app/ui/format.ts"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { EdgeView, Neighbours } from "#server/traces/index.ts"
import type { OfService } from "./of-service.ts"

/** Who calls the service, and whom it calls, in a sample of whole traces, whose size is said. */
export function Calls({ of }: { of: OfService }) {
  const query = useQuery({
    ...useTRPC().traces.neighbours.queryOptions(of),
    placeholderData: keepPreviousData,
  })
  return (
    <Query of={query}>
      {(found) => (
        <>
          <section className="panel" aria-label="Callers">
            <h2>Callers</h2>
            <Edges label="Callers" of={found.callers} other="caller" sample={found.sample} />
          </section>
          <section className="panel" aria-label="Callees">
            <h2>Callees</h2>
            <Edges label="Callees" of={found.callees} other="callee" sample={found.sample} />
          </section>
          <p className="quiet flat help">{sampled(found.sample)}</p>
        </>
      )}
    </Query>
  )
}

interface EdgesProps {
  label: string
  of: EdgeView[]
  other: "caller" | "callee"
  sample: Neighbours["sample"]
}

function Edges({ label, of, other, sample }: EdgesProps) {
  if (sample.traces === 0)
    return <Empty>Unknown: no traces of this time were sampled. A collector reads some of each minute.</Empty>
  if (of.length === 0) return <Empty>None in the sample.</Empty>
  const own = other === "caller" ? "callee" : "caller"
  const columns: Column<EdgeView>[] = [
    {
      key: "service",
      label: "Service",
      cell: (row) => (
        <Link href={servicePath(row[other].service)} className="name">
          {row[other].service}
        </Link>
      ),
    },
    { key: "operation", label: "Operation", cell: (row) => <span className="wrap">{row[other].name}</span> },
    {
      key: "own",
      label: other === "caller" ? "Calls" : "Called in",
      cell: (row) => <span className="wrap">{row[own].name}</span>,
    },
    { key: "calls", label: "Calls in sample", numeric: true, cell: (row) => count(row.calls) },
    { key: "per", label: "Per caller", numeric: true, cell: (row) => row.callsPerCaller.toFixed(1) },
    {
      key: "errors",
      label: "Errors",
      numeric: true,
      cell: (row) => <Share of={row.errors} all={row.calls} />,
    },
    {
      key: "retries",
      label: "Retries",
      numeric: true,
      cell: (row) => <Share of={row.retries} all={row.calls} title={row.retriedAfter} />,
    },
    {
      key: "timeouts",
      label: "Timeouts",
      numeric: true,
      cell: (row) => <Share of={row.timeouts} all={row.calls} />,
    },
    { key: "trace", label: "Trace", cell: (row) => <Link href={tracePath(row.traceId)}>Open</Link> },
  ]
  const keyOf = (row: EdgeView) => JSON.stringify([row.caller, row.callee])
  return <Table label={label} columns={columns} rows={of} keyOf={keyOf} />
}

function Share(props: { of: number; all: number; title?: string }) {
  return (
    <span className={props.of > 0 ? "bad" : undefined} title={props.title || undefined}>
      {percent(props.all === 0 ? null : props.of / props.all)}
    </span>
  )
}

function sampled({ minutes, traces, spans, orphans }: Neighbours["sample"]): string {
  const from = `From a sample of ${plural(traces, "trace", "traces")} (${plural(spans, "span", "spans")}) of ${plural(minutes, "minute", "minutes")}.`
  if (orphans === 0) return from
  return `${from} ${plural(orphans, "span names a parent that is", "spans name a parent that is")} not stored, so some calls are missing.`
}
