"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useRouter } from "next/navigation"
import type { PlanSummary } from "#server/offsets/views.ts"
import { useRefusal } from "../../../../../../access/me.tsx"
import { useTRPC } from "../../../../../../trpc/client.tsx"
import { count, exactMoment, moment } from "../../../../../../ui/format.ts"
import { Empty, Query } from "../../../../../../ui/states.tsx"
import { Table } from "../../../../../../ui/table.tsx"
import { planPath } from "../../../../../paths.ts"
import { STATES } from "./words.ts"

/** The resets of a group: when, who, what, and the way back. */
export function History(props: { cluster: string; group: string }) {
  const trpc = useTRPC()
  const resets = useQuery(trpc.offsets.resets.queryOptions(props))
  return (
    <section className="panel" aria-label="History of resets">
      <h2>Resets so far</h2>
      <Query of={resets}>
        {(rows) =>
          rows.length === 0 ? (
            <Empty>None yet. Every reset that is applied is listed here, with the way back.</Empty>
          ) : (
            <Table
              label="Resets"
              rows={rows}
              keyOf={(row) => row.id}
              columns={[
                {
                  key: "when",
                  label: "When",
                  cell: (row) => (
                    <Link
                      href={planPath(row.cluster, row.group, row.id)}
                      title={exactMoment(row.appliedAt ?? row.createdAt)}
                    >
                      {moment(row.appliedAt ?? row.createdAt)}
                    </Link>
                  ),
                },
                { key: "who", label: "Who", cell: (row) => row.appliedBy ?? row.createdBy },
                { key: "what", label: "What", cell: (row) => row.what },
                { key: "moved", label: "Partitions", numeric: true, cell: (row) => count(row.totals.moved) },
                { key: "again", label: "Read again", numeric: true, cell: (row) => count(row.totals.again) },
                { key: "skipped", label: "Skipped", numeric: true, cell: (row) => count(row.totals.skipped) },
                { key: "state", label: "Result", cell: (row) => STATES[row.state] },
                { key: "undo", label: "Way back", cell: (row) => <Undo plan={row} /> },
              ]}
            />
          )
        }
      </Query>
    </section>
  )
}

/** Makes the plan that takes this one back, and shows it. */
export function Undo({ plan }: { plan: PlanSummary }) {
  const trpc = useTRPC()
  const router = useRouter()
  const refused = useRefusal("offsets.reset", plan.cluster)
  const undo = useMutation(
    trpc.offsets.undo.mutationOptions({
      onSuccess: (made) => router.push(planPath(plan.cluster, plan.group, made.plan)),
    }),
  )
  if (plan.snapshot === null || plan.state === "failed" || plan.state === "applying") return null
  const { cluster, group, id } = plan
  return (
    <>
      <button
        type="button"
        className="field"
        title={refused ?? "Shows first what it would do"}
        disabled={refused !== null || undo.isPending}
        onClick={() => undo.mutate({ cluster, group, plan: id })}
      >
        Undo…
      </button>
      {undo.error && (
        <span className="bad" role="alert">
          {undo.error.message}
        </span>
      )}
    </>
  )
}
