"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { parseAsBoolean, useQueryState } from "nuqs"
import { useMe } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import { tokenColumns } from "./columns.tsx"
import { TokenForm } from "./form.tsx"

/** What programs sign in with: one's own tokens, and everybody's for an administrator. */
export function Tokens() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const { role } = useMe()
  const [making, setMaking] = useQueryState("new", parseAsBoolean.withDefault(false))
  const tokens = useQuery(trpc.access.tokens.list.queryOptions())
  const revoke = useMutation(
    trpc.access.tokens.revoke.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.access.tokens.list.queryKey() }),
    }),
  )
  return (
    <>
      {making && <TokenForm close={() => void setMaking(null)} />}
      <section className="panel" aria-label="API tokens">
        <div className="row tools">
          <span className="grow quiet">
            A program sends one as <code>Authorization: Bearer sbx_…</code>
          </span>
          <button type="button" className="field act" onClick={() => void setMaking(true)}>
            New token
          </button>
        </div>
        <MutationError of={revoke} />
        <Query of={tokens}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty>No tokens yet. Make one for a script, with no more rights than it needs.</Empty>
            ) : (
              <Table
                label="API tokens"
                columns={tokenColumns({ all: role === "admin", revoke: (id) => revoke.mutate({ id }) })}
                rows={rows}
                keyOf={({ id }) => id}
              />
            )
          }
        </Query>
      </section>
    </>
  )
}
