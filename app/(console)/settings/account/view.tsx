"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useMe } from "#app/access/me.tsx"
import { withBasePath } from "#app/base-path.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import type { SessionRow } from "#server/access/index.ts"
import { GrantsText } from "../grants-field.tsx"
import { browserOf } from "./browser.ts"
import { PasswordForm } from "./password.tsx"

/** One's own password, and where one is signed in. */
export function Account() {
  const { email, role, clusters } = useMe()
  return (
    <>
      <p>
        Signed in as {email} (<GrantsText role={role} clusters={clusters} />
        ).
      </p>
      <Sessions />
      <PasswordForm />
    </>
  )
}

function Sessions() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const sessions = useQuery(trpc.access.sessions.queryOptions())
  const revoke = useMutation(
    trpc.access.revokeSession.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.access.sessions.queryKey() }),
    }),
  )
  const everywhere = useMutation(
    trpc.access.signOutEverywhere.mutationOptions({
      onSuccess: () => window.location.assign(withBasePath("/sign-in")),
    }),
  )
  const failure = revoke.error ?? everywhere.error
  return (
    <section className="panel" aria-label="Sessions">
      <div className="row tools">
        <h2 className="grow">Where you are signed in</h2>
        <button type="button" className="field" onClick={() => everywhere.mutate()}>
          Sign out everywhere
        </button>
      </div>
      {failure && (
        <p className="bad" role="alert">
          {failure.message}
        </p>
      )}
      <Query of={sessions}>
        {(rows) => (
          <Table
            label="Sessions"
            columns={columns((id) => revoke.mutate({ id }))}
            rows={rows}
            keyOf={({ id }) => id}
          />
        )}
      </Query>
    </section>
  )
}

function columns(end: (id: string) => void) {
  const when = (at: number) => <Moment at={at} />
  return [
    { key: "browser", label: "Browser", cell: (row: SessionRow) => browserOf(row.browser) },
    {
      key: "from",
      label: "From",
      cell: (row: SessionRow) => <span className="mono">{row.from ?? "–"}</span>,
    },
    { key: "signedIn", label: "Signed in", cell: (row: SessionRow) => when(row.signedInAt) },
    { key: "until", label: "Ends", cell: (row: SessionRow) => when(row.expiresAt) },
    {
      key: "end",
      label: "Session",
      cell: (row: SessionRow) =>
        row.own ? (
          <span className="tag">Current session</span>
        ) : (
          <button type="button" className="field" onClick={() => end(row.id)}>
            Sign out
          </button>
        ),
    },
  ]
}
