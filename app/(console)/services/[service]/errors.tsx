"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { tracePath } from "#app/(console)/paths.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { ServiceError } from "#server/traces/index.ts"
import type { OfService } from "./of-service.ts"

/** What failed, grouped by the type and the message of the exception; each group with a trace. */
export function Errors({ of }: { of: OfService }) {
  const query = useQuery({ ...useTRPC().traces.errors.queryOptions(of), placeholderData: keepPreviousData })
  return (
    <section className="panel" aria-label="Errors by cause">
      <Query of={query}>
        {(errors) =>
          errors.length === 0 ? (
            <Empty>No span of this service failed in this time range.</Empty>
          ) : (
            <Table
              label="Errors by cause"
              columns={COLUMNS}
              rows={errors}
              keyOf={(row) => `${row.type} ${row.message}`}
            />
          )
        }
      </Query>
    </section>
  )
}

const COLUMNS: Column<ServiceError>[] = [
  {
    key: "cause",
    label: "Cause",
    cell: (row) => (
      <span className="wrap">
        <span className="strong">{row.type}</span>
        <br />
        <span className="quiet">{row.message || "without a message"}</span>
      </span>
    ),
  },
  { key: "spans", label: "Spans", numeric: true, cell: (row) => count(row.spans) },
  {
    key: "operations",
    label: "Operations",
    cell: (row) => <span className="wrap">{row.operations.join(", ")}</span>,
  },
  { key: "first", label: "First", cell: (row) => <Moment at={row.firstMs} /> },
  { key: "last", label: "Last", cell: (row) => <Moment at={row.lastMs} /> },
  { key: "trace", label: "Trace", cell: (row) => <Link href={tracePath(row.traceId)}>Open</Link> },
]
