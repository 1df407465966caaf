"use client"

import { useRefusal } from "#app/access/me.tsx"
import { duration } from "#app/ui/format.ts"
import { useNow } from "#app/ui/now.ts"
import { MutationError } from "#app/ui/states.tsx"
import type { PlanView } from "#server/offsets/index.ts"
import { useAct } from "./use-act.ts"

/** A plan that waits for its group to become empty, and the way to take it back. */
export function ArmedUntil({ plan }: { plan: PlanView }) {
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
      <p className="quiet flat">
        {plan.members === null || plan.members.length === 0
          ? "The group is empty: a collector takes it up within seconds."
          : `In it now: ${plan.members
              .map((one) => `${one.clientId} on ${one.host}`)
              .slice(0, 10)
              .join(", ")}.`}{" "}
        The plan is recalculated when it is applied, because the group keeps consuming until then.
      </p>
      <MutationError of={cancel} />
    </>
  )
}
