"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { formatMatchers } from "#server/alerts/matcher-text.ts"
import { AddSilence } from "./add-silence.tsx"
import { describeRecurrence } from "./recurrence.ts"
import { alertParams } from "./search-params.ts"

type Row = RouterOutputs["alerts"]["silences"]["rows"][number]

const AGAIN_MS = 10_000

/** What nobody is told of for a while, and the form of one more. */
export function Silences() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [{ matchers }, setState] = useQueryStates(alertParams, { history: "push" })
  const again = () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() })
  const silences = useQuery({ ...trpc.alerts.silences.queryOptions(), refetchInterval: AGAIN_MS })
  const end = useMutation(trpc.alerts.endSilence.mutationOptions({ onSuccess: again }))
  const columns: Column<Row>[] = [
    {
      key: "what",
      label: "Alerts",
      cell: (row) => (
        <div>
          <span className="mono wrap">{formatMatchers(row.matchers)}</span>
          <p className="quiet wrap">
            {row.comment}
            {row.clusters.length > 0 && ` · on ${row.clusters.join(", ")} only`}
          </p>
        </div>
      ),
    },
    { key: "state", label: "State", cell: (row) => <State row={row} /> },
    { key: "mutes", label: "Mutes now", numeric: true, cell: (row) => count(row.mutes) },
    {
      key: "by",
      label: "By",
      cell: (row) => (
        <>
          {row.createdBy}, <Moment at={row.createdAt} className="quiet" />
        </>
      ),
    },
    {
      key: "acts",
      label: "Actions",
      cell: (row) =>
        row.state === "ended" ? (
          <button
            type="button"
            className="field"
            aria-label={`Silence again: ${formatMatchers(row.matchers)}`}
            onClick={() => void setState({ matchers: formatMatchers(row.matchers) })}
          >
            Silence again
          </button>
        ) : (
          <button
            type="button"
            className="field"
            disabled={!row.mayEnd || end.isPending}
            title={row.mayEnd ? undefined : "It holds on clusters where you are not operator."}
            aria-label={`End now: ${formatMatchers(row.matchers)}`}
            onClick={() => end.mutate({ id: row.id })}
          >
            End now
          </button>
        ),
    },
  ]
  return (
    <>
      {/* A link from an alert fills the form anew. */}
      <AddSilence key={matchers} start={matchers} onAdded={again} />
      <section className="panel" aria-label="Silences">
        <MutationError of={end} />
        <Query of={silences}>
          {({ rows }) =>
            rows.length === 0 ? (
              <Empty>No silences: every alert is sent to its channels.</Empty>
            ) : (
              <Table label="Silences" columns={columns} rows={rows} keyOf={({ id }) => id} />
            )
          }
        </Query>
      </section>
    </>
  )
}

function State({ row }: { row: Row }) {
  const { state, startsAt, endsAt, recurrence } = row
  const starts = state === "scheduled" && recurrence === null
  return (
    <>
      {state}
      <p className="quiet wrap">
        {recurrence && `${describeRecurrence(recurrence)} `}
        {starts && (
          <>
            from <Moment at={startsAt} />{" "}
          </>
        )}
        {endsAt !== null && (
          <>
            {state === "ended" ? "since" : "until"} <Moment at={endsAt} />
          </>
        )}
      </p>
    </>
  )
}
