import Link from "next/link"
import { serviceSpansPath } from "#app/(console)/paths.ts"
import { DataTable } from "#app/ui/data-table.tsx"
import { count, percent, rate } from "#app/ui/format.ts"
import { numberColumn } from "#app/ui/number-column.tsx"
import { Empty } from "#app/ui/states.tsx"
import type { Column } from "#app/ui/table.tsx"
import type { ServiceOperation, ServiceView } from "#server/traces/index.ts"
import { KINDS } from "#server/traces/kinds.ts"
import { durationColumns, NO_CALLS, slowestColumn } from "../columns.tsx"

/** What the service does, by operation, the most calls first; each leads to its spans. */
export function Operations({ view, service }: { view: ServiceView; service: string }) {
  return (
    <section className="panel" aria-label="Operations">
      {view.operations.length === 0 ? (
        <Empty>No spans of this service in this time range.</Empty>
      ) : (
        <DataTable
          name="service-operations"
          label="Operations"
          columns={columnsOf(service)}
          rows={view.operations}
          keyOf={(row) => `${row.kind} ${row.name}`}
        />
      )}
    </section>
  )
}

function columnsOf(service: string): Column<ServiceOperation>[] {
  return [
    {
      key: "name",
      label: "Operation",
      card: "name",
      text: (row) => row.name,
      cell: (row) => (
        <Link href={serviceSpansPath(service, row.name)} className="name name-like">
          {row.name}
        </Link>
      ),
    },
    {
      key: "kind",
      label: "Kind",
      card: "badge",
      text: (row) => KINDS[row.kind] ?? "",
      cell: (row) => (
        <>
          {KINDS[row.kind]} {row.system !== "" && <span className="tag">{row.system}</span>}
        </>
      ),
    },
    numberColumn<ServiceOperation>("errors", {
      ...{ label: "Errors", card: "number", of: (row) => (row.calls === 0 ? null : row.errorRate) },
      ...{ as: percent, why: NO_CALLS, bad: true },
    }),
    numberColumn<ServiceOperation>("rate", {
      ...{ label: "Calls", card: "number", of: (row) => row.callsPerSecond, as: rate, why: NO_CALLS },
    }),
    ...durationColumns<ServiceOperation>(true).map(({ sort: _, ...column }) => column),
    slowestColumn<ServiceOperation>(),
    numberColumn<ServiceOperation>("calls", {
      ...{ label: "Calls in range", of: (row) => row.calls, as: count, why: NO_CALLS },
    }),
  ]
}
