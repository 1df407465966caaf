"use client"

import { keepPreviousData, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useQueryStates } from "nuqs"
import { HOME } from "#app/(console)/home.ts"
import { useMe } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { DataTable } from "#app/ui/data-table.tsx"
import { count, duration, exactMoment } from "#app/ui/format.ts"
import { useNow } from "#app/ui/now.ts"
import { PageHead } from "#app/ui/page-head.tsx"
import { Search } from "#app/ui/search.tsx"
import { Select } from "#app/ui/select.tsx"
import { Sparkline } from "#app/ui/sparkline.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import type { Column } from "#app/ui/table.tsx"
import { FAILURE_STATES, type FailureRow, type FailureState } from "#server/failures/views.ts"
import { useClusterFilter } from "../cluster-filter.tsx"
import { failurePath } from "../paths.ts"
import { listInput } from "./input.ts"
import { FailureMark } from "./mark.tsx"
import { FAILURES_A_PAGE, failureParams, SORTS } from "./search-params.ts"
import { TriageSelected } from "./triage-selected.tsx"

const ORDERS = {
  worst: "worst first",
  latest: "latest first",
  oldest: "oldest first",
  most: "most messages first",
}

/** Failure groups: dead letters of one cause, the worst first. */
export function FailureList() {
  const trpc = useTRPC()
  const clusters = useClusterFilter()
  const [state, set] = useQueryStates(failureParams, { history: "push" })
  const query = useQuery({
    ...trpc.failures.list.queryOptions(listInput(state, clusters)),
    placeholderData: keepPreviousData,
  })
  return (
    <>
      <PageHead
        above={HOME}
        title="Failures"
        acts={
          <Link href="/failures/rules" className="field">
            Dead-letter rules
          </Link>
        }
      />
      <section className="panel">
        <Tools counts={query.data?.counts ?? null} />
        <Query of={query}>
          {({ rows, total }) =>
            rows.length === 0 ? (
              <Nothing filtered={state.q !== "" || state.assignee !== "" || state.state !== "active"} />
            ) : (
              <DataTable
                name="failures"
                label="Failures"
                nameOf={nameOf}
                acts={(selected, clear) => <TriageSelected rows={selected} clear={clear} />}
                columns={COLUMNS}
                rows={rows}
                keyOf={(row) => String(row.id)}
                order={{ sort: state.sort, dir: "desc", page: state.page }}
                setOrder={({ page }) => void set({ page: page ?? 1 })}
                total={total}
                pageSize={FAILURES_A_PAGE}
              />
            )
          }
        </Query>
      </section>
    </>
  )
}

function Nothing(props: { filtered: boolean }) {
  if (props.filtered) return <Empty>No failure matches these filters.</Empty>
  return (
    <Empty>
      No open failures. Dead-letter topics are found by their names (orders.DLT, orders-dlt, orders.dlq);{" "}
      <Link href="/failures/rules">add a rule for the others</Link>.
    </Empty>
  )
}

function Tools(props: { counts: Record<FailureState, number> | null }) {
  const [state, set] = useQueryStates(failureParams, { history: "push" })
  const me = useMe()
  const counted = (one: FailureState) => (props.counts ? ` (${count(props.counts[one])})` : "")
  return (
    <div className="row tools">
      <Search
        label="Filter by message, exception, group or topic"
        value={state.q}
        onChange={(q) => void set({ q: q || null, page: null })}
      />
      <Select
        label="State"
        value={state.state}
        options={[
          { value: "active", label: "open and regressed" },
          { value: "all", label: "any state" },
          ...FAILURE_STATES.map((value) => ({ value, label: value + counted(value) })),
        ]}
        onChange={(one) => void set({ state: one, page: null })}
      />
      <Select
        label="Order"
        value={state.sort}
        options={SORTS.map((value) => ({ value, label: ORDERS[value] }))}
        onChange={(sort) => void set({ sort, page: null })}
      />
      <label className="row check">
        <input
          type="checkbox"
          checked={state.assignee === me.email}
          onChange={(event) => void set({ assignee: event.target.checked ? me.email : null, page: null })}
        />
        Assigned to me
      </label>
    </div>
  )
}

function nameOf(row: FailureRow): string {
  return `${row.consumerGroup ?? row.destination}: ${row.type ?? "unknown error"}`
}

const COLUMNS: Column<FailureRow>[] = [
  {
    key: "failure",
    label: "Failure",
    card: "name",
    text: nameOf,
    cell: (row) => (
      <span className="wrap">
        <Link href={failurePath(row.cluster, row.id)} className="name">
          {nameOf(row)}
        </Link>
        <br />
        <span className="quiet">{row.message || "The dead letters carry no error message."}</span>
      </span>
    ),
  },
  {
    key: "state",
    label: "State",
    card: "badge",
    text: (row) => row.state,
    cell: (row) => <FailureMark state={row.state} />,
  },
  {
    key: "messages",
    label: "Messages",
    numeric: true,
    card: "number",
    text: (row) => row.messages,
    cell: (row) => count(row.messages),
  },
  {
    key: "trend",
    label: "Last 3 hours",
    card: "line",
    cell: (row) => (
      <Sparkline
        values={row.trend}
        label={`Dead letters of the last 3 hours: ${count(row.trend.reduce((sum, one) => sum + one, 0))}`}
        tone="var(--bad)"
      />
    ),
  },
  {
    key: "last",
    label: "Last",
    numeric: true,
    card: "number",
    text: (row) => new Date(row.lastSeenAt).toISOString(),
    cell: (row) => <Ago at={row.lastSeenAt} />,
  },
  {
    key: "first",
    label: "First",
    numeric: true,
    text: (row) => new Date(row.firstSeenAt).toISOString(),
    cell: (row) => <Ago at={row.firstSeenAt} />,
  },
  {
    key: "where",
    label: "From",
    text: (row) => `${row.destination} on ${row.clusterName}`,
    cell: (row) => (
      <span className="wrap">
        {row.destination} <span className="quiet">on {row.clusterName}</span>
      </span>
    ),
  },
  {
    key: "assignee",
    label: "Assigned to",
    text: (row) => row.assignee,
    cell: (row) => row.assignee ?? <span className="quiet">–</span>,
  },
]

export function Ago(props: { at: number }) {
  const now = useNow()
  if (now === null) return null
  const age = Math.max(0, now - props.at)
  return (
    <span title={exactMoment(props.at)}>
      {duration(age < 60_000 ? age : Math.floor(age / 60_000) * 60_000)} ago
    </span>
  )
}
