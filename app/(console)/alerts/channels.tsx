"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { AddChannel } from "./add-channel.tsx"
import { Routing } from "./routing.tsx"
import { WhoReceives } from "./who-receives.tsx"

type Row = RouterOutputs["alerts"]["channels"]["channels"][number]

/** Where notifications go. */
export function Channels() {
  const refused = useRefusal("alert.channel")
  return refused ? <Empty>{refused}</Empty> : <List />
}

function List() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const again = () => client.invalidateQueries({ queryKey: trpc.alerts.pathKey() })
  const channels = useQuery(trpc.alerts.channels.queryOptions())
  const remove = useMutation(trpc.alerts.removeChannel.mutationOptions({ onSuccess: again }))
  const test = useMutation(trpc.alerts.tryChannel.mutationOptions({ onSuccess: again }))
  const failure = remove.error ?? test.error
  const columns: Column<Row>[] = [
    { key: "name", label: "Channel", cell: (row) => row.name },
    { key: "kind", label: "Kind", cell: (row) => row.label },
    {
      key: "state",
      label: "Last delivery",
      cell: (row) => (
        <>
          {row.deliveredAt === null ? (
            <span className="quiet">none yet</span>
          ) : (
            <Moment at={row.deliveredAt} />
          )}
          <Trouble row={row} />
        </>
      ),
    },
    { key: "waiting", label: "Waiting", numeric: true, cell: (row) => count(row.waiting) },
    {
      key: "acts",
      label: "Actions",
      cell: (row) => (
        <span className="row">
          <button
            type="button"
            className="field"
            disabled={test.isPending}
            aria-label={`Send a test to ${row.name}`}
            onClick={() => test.mutate({ id: row.id })}
          >
            Send a test
          </button>
          <button
            type="button"
            className="field danger"
            aria-label={`Remove ${row.name}`}
            onClick={() => {
              if (window.confirm(`${row.name} will get no more notifications. Remove it?`))
                remove.mutate({ id: row.id })
            }}
          >
            Remove
          </button>
        </span>
      ),
    },
  ]
  return (
    <Query of={channels}>
      {(listed) => (
        <>
          <section className="panel" aria-label="Channels">
            <h2>Channels</h2>
            <div aria-live="polite">
              {failure && <p className="bad">{failure.message}</p>}
              {test.data && <p>The receiver answered: {test.data.answer}</p>}
            </div>
            {listed.channels.length === 0 ? (
              <Empty>No channels yet: alerts are shown here, and sent to nobody. Add one below.</Empty>
            ) : (
              <Table label="Channels" columns={columns} rows={listed.channels} keyOf={({ id }) => id} />
            )}
          </section>
          <AddChannel kinds={listed.kinds} onAdded={again} />
          <Routing />
          <WhoReceives />
        </>
      )}
    </Query>
  )
}

/** That a channel delivers nothing, since when, what the receiver said last, and what to do. */
function Trouble({ row: { problem, failures, failingSince } }: { row: Row }) {
  if (problem === null) return null
  return (
    <>
      <p className="bad wrap">{problem}</p>
      {failingSince !== null && (
        <p className="quiet wrap">
          Fails since <Moment at={failingSince} />, {count(failures)} {failures === 1 ? "time" : "times"} in a
          row. Fix the receiver, or add the channel again with the right address and key; then send a test.
        </p>
      )}
    </>
  )
}
