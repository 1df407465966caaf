"use client"

import Link from "next/link"
import { useQueryStates } from "nuqs"
import { ActPanel } from "#app/(console)/acts/act-panel.tsx"
import { planPath, resetPath } from "#app/(console)/paths.ts"
import { Moment } from "#app/ui/moment.tsx"
import type { PlanState, PlanView } from "#server/offsets/index.ts"
import { Rest, Undo } from "../history.tsx"
import { planParams } from "../search-params.ts"
import { ArmedUntil } from "./armed-until.tsx"
import { Buttons } from "./buttons.tsx"

const OPEN: readonly PlanState[] = ["draft", "expired", "partly", "failed"]

/** What can be done with a plan now, and what became of it. */
export function Act({ plan }: { plan: PlanView }) {
  const [{ moved }] = useQueryStates(planParams)
  const open = OPEN.includes(plan.state)
  return (
    <ActPanel className="stack" label="Apply">
      {moved && plan.state === "draft" && (
        <p className="warn flat" role="status">
          Nothing was written: something had moved since the preview. This is the new one; look at it again.
        </p>
      )}
      <Outcome plan={plan} />
      {plan.state === "armed" && <ArmedUntil plan={plan} />}
      {open && plan.totals.moved > 0 && <Buttons plan={plan} />}
      {open && plan.totals.moved === 0 && (
        <p className="quiet flat">
          There is nothing to apply.{" "}
          <Link href={resetPath(plan.cluster, plan.group)}>Choose other partitions or another position</Link>
        </p>
      )}
    </ActPanel>
  )
}

function Outcome({ plan }: { plan: PlanView }) {
  const { cluster, group } = plan
  if (plan.replacedBy !== null)
    return (
      <p className="warn flat" role="status">
        {plan.outcome} <Link href={planPath(cluster, group, plan.replacedBy)}>Open the new preview</Link>
      </p>
    )
  if (plan.appliedAt !== null)
    return (
      <div className="row" role="status">
        <span className={toneOf(plan)}>
          {toneOf(plan) === "good" ? "✓ " : "▲ "}
          {plan.outcome ?? "It is being written."}
        </span>
        <span className="quiet">
          by {plan.appliedBy}, <Moment at={plan.appliedAt} />
        </span>
        <Undo plan={plan} />
        {plan.totals.troubled > 0 && plan.state !== "applying" && <Rest plan={plan} />}
      </div>
    )
  if (plan.outcome !== null) return <p className="warn flat">{plan.outcome}</p>
  return null
}

/** All that was meant is not all that was asked for, where some partitions could not be planned. */
function toneOf({ state, totals }: PlanView): "good" | "warn" | "bad" {
  if (state !== "applied") return "bad"
  return totals.troubled === 0 ? "good" : "warn"
}
