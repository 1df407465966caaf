"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { servicePath } from "#app/(console)/paths.ts"
import { errorsColumn, p95Column, slowestColumn } from "#app/(console)/services/columns.tsx"
import { minutesOf } from "#app/(console)/services/minutes.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import type { Range } from "#app/ui/range/range.ts"
import { useRange } from "#app/ui/range/use-range.ts"
import { type Column, Table } from "#app/ui/table.tsx"
import type { GroupDetail } from "#server/lag/queries/index.ts"
import type { Consumer } from "#server/traces/index.ts"

/** The services that consume as the group, by their spans; nothing where none sends any. */
export function Services({ group }: { group: GroupDetail }) {
  const range = useRange()
  const isOffered = useRefusal("trace.read") === null
  return isOffered && range && <Consumers cluster={group.cluster} group={group.name} range={range} />
}

function Consumers({ range, ...of }: { cluster: string; group: string; range: Range }) {
  const { data } = useQuery({
    ...useTRPC().traces.consumers.queryOptions({ ...of, ...minutesOf(range) }),
    placeholderData: keepPreviousData,
  })
  if (data === undefined || data.length === 0) return null
  const isGuess = data.every((one) => one.isGuess)
  return (
    <section className="panel" aria-label="Services">
      <h2>Services</h2>
      {isGuess && (
        <p className="quiet help">
          No spans name this group. These services consume its topics, and their spans name no group.
        </p>
      )}
      <Table label="Services" columns={COLUMNS} rows={data} keyOf={(row) => row.service} />
    </section>
  )
}

const COLUMNS: Column<Consumer>[] = [
  {
    key: "service",
    label: "Service",
    cell: (row) => (
      <Link href={servicePath(row.service)} className="name">
        {row.service}
      </Link>
    ),
  },
  {
    key: "destinations",
    label: "Consumes",
    cell: (row) => <span className="wrap">{row.destinations.join(", ")}</span>,
  },
  { key: "calls", label: "Spans", numeric: true, cell: (row) => count(row.calls) },
  errorsColumn<Consumer>(),
  p95Column<Consumer>(),
  slowestColumn<Consumer>(),
]
