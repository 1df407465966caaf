"use client"

import { useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { duration } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { alertPagePath } from "../paths.ts"
import { alertParams } from "./search-params.ts"
import { SeverityMark } from "./severity.tsx"

type Alert = RouterOutputs["alerts"]["list"]["rows"][number]

/** What is over, the latest first. */
export function ResolvedAlerts() {
  const trpc = useTRPC()
  const [{ page }, setState] = useQueryStates(alertParams, { history: "push" })
  const alerts = useQuery(trpc.alerts.list.queryOptions({ state: "resolved", page }))
  return (
    <section className="panel" aria-label="Resolved">
      <h2>Resolved</h2>
      <Query of={alerts}>
        {({ rows, total }) =>
          rows.length === 0 ? (
            <Empty>No alert has been resolved yet.</Empty>
          ) : (
            <Table
              label="Resolved alerts"
              columns={COLUMNS}
              rows={rows}
              keyOf={(alert) => alert.id}
              order={{ sort: "", dir: "asc", page }}
              setOrder={(order) => void setState({ page: order.page ?? 1 })}
              total={total}
            />
          )
        }
      </Query>
    </section>
  )
}

const COLUMNS: Column<Alert>[] = [
  { key: "severity", label: "Severity", cell: (alert) => <SeverityMark severity={alert.severity} /> },
  {
    key: "what",
    label: "What",
    cell: (alert) => (
      <span className="wrap">
        <Link href={alertPagePath(alert.id)}>{alert.sentence}</Link>
        {alert.cluster !== null && <span className="quiet"> on {alert.cluster}</span>}
      </span>
    ),
  },
  { key: "rule", label: "Rule", cell: (alert) => alert.rule },
  { key: "fired", label: "Fired", cell: ({ firedAt, startedAt }) => <Moment at={firedAt ?? startedAt} /> },
  { key: "lasted", label: "Lasted", numeric: true, cell: lasted },
]

function lasted({ firedAt, startedAt, resolvedAt }: Alert): string {
  return resolvedAt === null ? "" : duration(resolvedAt - (firedAt ?? startedAt))
}
