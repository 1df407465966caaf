"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { TextField } from "#app/ui/form-field.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import type { SpanTokenRow } from "#server/traces/index.ts"
import { OneTime } from "../one-time.tsx"

/** The bearer tokens by which spans may be sent. */
export function SpanTokens() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [name, setName] = useState("")
  const tokens = useQuery(trpc.traces.tokens.queryOptions())
  const renew = () => client.invalidateQueries({ queryKey: trpc.traces.tokens.queryKey() })
  const create = useMutation(
    trpc.traces.createToken.mutationOptions({
      onSuccess: () => {
        setName("")
        return renew()
      },
    }),
  )
  const revoke = useMutation(trpc.traces.revokeToken.mutationOptions({ onSuccess: renew }))
  return (
    <>
      {create.data && (
        <OneTime
          label="New token for spans"
          value={create.data.token}
          advice="Copy it now: it is not shown again. Send it as OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20…"
        />
      )}
      <section className="panel" aria-label="Tokens for spans">
        <h2>Tokens</h2>
        <p className="quiet">
          While there is a token, here or in the receiver's environment, senders need one. Without any,
          everyone who reaches the receiver's ports may send.
        </p>
        <Form className="row tools at-end" onSubmit={() => create.mutate({ name })}>
          <TextField label="Name" value={name} onChange={setName} rule="Enter a name." />
          <Button type="submit" className="field act" busy={create.isPending}>
            Create token
          </Button>
        </Form>
        <MutationError of={create} />
        <MutationError of={revoke} />
        <Query of={tokens}>
          {(rows) =>
            rows.length === 0 ? (
              <Empty>No tokens yet.</Empty>
            ) : (
              <Table
                label="Tokens for spans"
                columns={columns((id) => revoke.mutate({ id }))}
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

function columns(revoke: (id: string) => void): Column<SpanTokenRow>[] {
  return [
    { key: "name", label: "Name", cell: ({ name, hint }) => `${name} (…${hint})` },
    { key: "by", label: "Created by", cell: ({ createdBy }) => createdBy },
    { key: "created", label: "Created", cell: ({ createdAt }) => <Moment at={createdAt} /> },
    {
      key: "used",
      label: "Last used",
      cell: ({ lastUsedAt }) => (lastUsedAt === null ? "never" : <Moment at={lastUsedAt} />),
    },
    {
      key: "state",
      label: "Revoke",
      cell: ({ id, name, isRevoked }) =>
        isRevoked ? (
          <span className="quiet">revoked</span>
        ) : (
          <button type="button" className="field" aria-label={`Revoke ${name}`} onClick={() => revoke(id)}>
            Revoke
          </button>
        ),
    },
  ]
}
