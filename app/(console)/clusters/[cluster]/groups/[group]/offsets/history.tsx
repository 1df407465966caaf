"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import Link from "next/link"
import { useRouter } from "next/navigation"
import { planPath } from "#app/(console)/paths.ts"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { count } from "#app/ui/format.ts"
import { Moment } from "#app/ui/moment.tsx"
import { Empty, MutationError, Query } from "#app/ui/states.tsx"
import { Table } from "#app/ui/table.tsx"
import type { PlanSummary } from "#server/offsets/index.ts"
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
            <Empty>No resets yet. Applied resets appear here and can be undone.</Empty>
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
                    <Link href={planPath(row.cluster, row.group, row.id)}>
                      <Moment at={row.appliedAt ?? row.createdAt} />
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
  const undo = useMutation(trpc.offsets.undo.mutationOptions({ onSuccess: useOpenPlan(plan) }))
  if (plan.snapshot === null || plan.state === "failed" || plan.state === "applying") return null
  return (
    <Next plan={plan} make={undo}>
      Undo…
    </Next>
  )
}

/** Makes the same plan for what could not be planned, and shows it. */
export function Rest({ plan }: { plan: PlanSummary }) {
  const trpc = useTRPC()
  const rest = useMutation(trpc.offsets.rest.mutationOptions({ onSuccess: useOpenPlan(plan) }))
  return (
    <Next plan={plan} make={rest}>
      Plan the rest…
    </Next>
  )
}

function useOpenPlan({ cluster, group }: PlanSummary) {
  const router = useRouter()
  return (made: { plan: string }) => router.push(planPath(cluster, group, made.plan))
}

interface NextProps {
  plan: PlanSummary
  make: {
    mutate: (key: { cluster: string; group: string; plan: string }) => void
    isPending: boolean
    error: { message: string } | null
  }
  children: string
}

/** The button to a plan that follows from another. */
function Next({ plan, make, children }: NextProps) {
  const refused = useRefusal("offsets.reset", plan.cluster)
  const { cluster, group, id } = plan
  return (
    <>
      <button
        type="button"
        className="field"
        title={refused ?? "Shows first what it would do"}
        disabled={refused !== null || make.isPending}
        onClick={() => make.mutate({ cluster, group, plan: id })}
      >
        {children}
      </button>
      <MutationError of={make} inline />
    </>
  )
}
