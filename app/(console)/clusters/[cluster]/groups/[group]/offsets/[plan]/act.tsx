"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import Link from "next/link"
import { useRouter } from "next/navigation"
import { useQueryStates } from "nuqs"
import { useState } from "react"
import type { PlanState } from "#server/offsets/model.ts"
import type { Member, PlanView } from "#server/offsets/views.ts"
import { useRefusal } from "../../../../../../../access/me.tsx"
import { useTRPC } from "../../../../../../../trpc/client.tsx"
import { duration, exactMoment, moment } from "../../../../../../../ui/format.ts"
import { useNow } from "../../../../../../../ui/now.ts"
import { planPath } from "../../../../../../paths.ts"
import { Undo } from "../history.tsx"
import { planParams } from "../search-params.ts"

const OPEN: readonly PlanState[] = ["draft", "expired", "partly", "failed"]
const WAITS = [
  { ms: 900_000, words: "15 minutes" },
  { ms: 3_600_000, words: "1 hour" },
  { ms: 14_400_000, words: "4 hours" },
  { ms: 86_400_000, words: "1 day" },
]

/** What can be done with a plan now, and what became of it. */
export function Act({ plan }: { plan: PlanView }) {
  const [{ moved }] = useQueryStates(planParams)
  return (
    <section className="panel stack" aria-label="Apply">
      {moved && plan.state === "draft" && (
        <p className="warn" role="status">
          Nothing was written: something had moved since the preview. This is the new one; look at it again.
        </p>
      )}
      <Outcome plan={plan} />
      {plan.state === "armed" && <ArmedUntil plan={plan} />}
      {OPEN.includes(plan.state) && plan.totals.moved > 0 && <Buttons plan={plan} />}
    </section>
  )
}

function Outcome({ plan }: { plan: PlanView }) {
  const { cluster, group } = plan
  if (plan.replacedBy !== null)
    return (
      <p className="warn" role="status">
        {plan.outcome} <Link href={planPath(cluster, group, plan.replacedBy)}>Open the new preview</Link>
      </p>
    )
  if (plan.appliedAt !== null)
    return (
      <div className="row" role="status">
        <span className={plan.state === "applied" ? "good" : "bad"}>
          {plan.state === "applied" ? "✓ " : "▲ "}
          {plan.outcome ?? "It is being written."}
        </span>
        <span className="quiet">
          by {plan.appliedBy}, <span title={exactMoment(plan.appliedAt)}>{moment(plan.appliedAt)}</span>
        </span>
        <Undo plan={plan} />
      </div>
    )
  if (plan.outcome !== null) return <p className="warn">{plan.outcome}</p>
  return null
}

/** What every act needs: after it the plan is asked for again. */
function useAct(plan: PlanView) {
  const client = useQueryClient()
  const trpc = useTRPC()
  const router = useRouter()
  const refresh = () => client.invalidateQueries({ queryKey: trpc.offsets.pathKey() })
  const key = { cluster: plan.cluster, group: plan.group, plan: plan.id }
  const apply = useMutation(
    trpc.offsets.applyPlan.mutationOptions({
      onSettled: refresh,
      onSuccess: (done) => {
        if (done.outcome === "moved")
          router.push(`${planPath(plan.cluster, plan.group, done.plan)}?moved=true`)
      },
    }),
  )
  const arm = useMutation(trpc.offsets.arm.mutationOptions({ onSettled: refresh }))
  const cancel = useMutation(trpc.offsets.cancel.mutationOptions({ onSettled: refresh }))
  return { key, apply, arm, cancel }
}

function Buttons({ plan }: { plan: PlanView }) {
  const { key, apply, arm } = useAct(plan)
  const [forMs, setForMs] = useState(900_000)
  const refused = useRefusal("offsets.reset", plan.cluster)
  const active = plan.members === null || plan.members.length > 0
  const busy = apply.isPending || arm.isPending
  const error = apply.error ?? arm.error
  return (
    <>
      <Members members={plan.members} group={plan.group} />
      <div className="row">
        <button
          type="button"
          className="field act"
          disabled={refused !== null || active || busy}
          title={refused ?? (active ? "The group is active: arm the plan, or stop the members." : undefined)}
          onClick={() => apply.mutate(key)}
        >
          {apply.isPending ? "Writing…" : plan.state === "partly" ? "Apply the rest" : "Apply"}
        </button>
        <span className="row tight">
          <button
            type="button"
            className="field"
            disabled={refused !== null || busy || plan.state === "partly"}
            title={refused ?? "It is applied by itself as soon as the group is empty."}
            onClick={() => arm.mutate({ ...key, forMs })}
          >
            Arm: apply when empty
          </button>
          <select
            className="field"
            aria-label="Armed for"
            value={forMs}
            onChange={(event) => setForMs(Number(event.target.value))}
          >
            {WAITS.map((one) => (
              <option key={one.ms} value={one.ms}>
                for {one.words}
              </option>
            ))}
          </select>
        </span>
        {refused && <span className="quiet">{refused}</span>}
      </div>
      {error && (
        <p className="bad" role="alert">
          {error.message}
        </p>
      )}
    </>
  )
}

function Members(props: { members: Member[] | null; group: string }) {
  const { members, group } = props
  if (members === null)
    return <p className="warn">Who is in {group} cannot be read now, so it may be active.</p>
  if (members.length === 0)
    return (
      <p className="quiet">
        {group} has no member now. Nothing is written if a commit moved since the preview.
      </p>
    )
  const named = members.slice(0, 10).map((one) => `${one.clientId} on ${one.host}`)
  return (
    <p className="warn">
      {group} is active, and takes no positions from outside. In it: {named.join(", ")}
      {members.length > 10 && ` and ${members.length - 10} more`}. Stop them, or arm the plan.
    </p>
  )
}

function ArmedUntil({ plan }: { plan: PlanView }) {
  const { key, cancel } = useAct(plan)
  const now = useNow()
  const refused = useRefusal("offsets.reset", plan.cluster)
  const left = plan.armedUntil === null || now === null ? null : Math.max(0, plan.armedUntil - now)
  return (
    <>
      <div className="row" role="status">
        <span className="warn strong">
          Armed by {plan.armedBy}: it is applied when {plan.group} is empty
          {left !== null && `, for ${duration(Math.ceil(left / 1000) * 1000)} more`}.
        </span>
        <button
          type="button"
          className="field"
          disabled={refused !== null || cancel.isPending}
          title={refused ?? undefined}
          onClick={() => cancel.mutate(key)}
        >
          Cancel
        </button>
      </div>
      <p className="quiet">
        {plan.members === null || plan.members.length === 0
          ? "The group is empty: a collector takes it up within seconds."
          : `In it now: ${plan.members
              .map((one) => `${one.clientId} on ${one.host}`)
              .slice(0, 10)
              .join(", ")}.`}{" "}
        Numbers are worked out again at that moment, since the group reads on until then.
      </p>
      {cancel.error && (
        <p className="bad" role="alert">
          {cancel.error.message}
        </p>
      )}
    </>
  )
}
