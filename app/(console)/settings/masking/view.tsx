"use client"

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import type { RouterOutputs } from "#app/trpc/types.ts"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { type Column, Table } from "#app/ui/table.tsx"
import { AddRule } from "./add.tsx"
import { HOW, KINDS, PARTS } from "./words.ts"

type Rule = RouterOutputs["masking"]["rules"][number]

function columns(remove: (id: number) => void): Column<Rule>[] {
  return [
    { key: "on", label: "Cluster", cell: (rule) => rule.on ?? <span className="quiet">every cluster</span> },
    {
      key: "destination",
      label: "Topics",
      cell: ({ destination, copies }) => (
        <>
          <span className="mono">{destination}</span>
          {copies.length > 0 && <p className="quiet wrap">and their dead letters in {copies.join(", ")}</p>}
        </>
      ),
    },
    { key: "part", label: "In", cell: (rule) => PARTS[rule.part] },
    {
      key: "expression",
      label: "What",
      cell: (rule) => (
        <span>
          {KINDS[rule.kind]} <span className="mono wrap">{rule.expression}</span>
        </span>
      ),
    },
    { key: "how", label: "How", cell: (rule) => HOW[rule.how] },
    {
      key: "remove",
      label: "",
      cell: (rule) => (
        <button
          type="button"
          className="field danger"
          aria-label={`Remove the rule for ${rule.expression} in ${rule.destination}`}
          onClick={() => {
            if (
              window.confirm("Everyone who may read the messages will see what this rule hides. Remove it?")
            )
              remove(rule.id)
          }}
        >
          Remove
        </button>
      ),
    },
  ]
}

/** What is hidden in messages, on their pages, in searches, files and failures. */
export function MaskingPage() {
  const refused = useRefusal("masking.edit")
  return refused ? <Empty>{refused}</Empty> : <Rules />
}

function Rules() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const again = () => client.invalidateQueries({ queryKey: trpc.masking.rules.queryKey() })
  const rules = useQuery(trpc.masking.rules.queryOptions())
  const remove = useMutation(trpc.masking.remove.mutationOptions({ onSuccess: again }))
  return (
    <>
      <section className="panel" aria-label="Masking rules">
        <p className="quiet">
          Matching data is masked on the server, for everyone. An administrator of the cluster can look for
          fifteen minutes, with a reason that goes into the audit log.
        </p>
        <MutationError of={remove} />
        <Query of={rules}>
          {(list) =>
            list.length === 0 ? (
              <Empty>Nothing is masked. Add a rule below, for card numbers for one.</Empty>
            ) : (
              <Table
                label="Masking rules"
                columns={columns((id) => remove.mutate({ id }))}
                rows={list}
                keyOf={(rule) => String(rule.id)}
              />
            )
          }
        </Query>
      </section>
      <AddRule />
    </>
  )
}
