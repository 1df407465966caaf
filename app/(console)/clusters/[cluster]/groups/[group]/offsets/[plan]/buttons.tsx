"use client"

import { useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { Button } from "#app/ui/button.tsx"
import { Select } from "#app/ui/select.tsx"
import type { Member, PlanView } from "#server/offsets/index.ts"
import { useAct } from "./use-act.ts"

const WAITS = [
  { ms: 900_000, words: "15 minutes" },
  { ms: 3_600_000, words: "1 hour" },
  { ms: 14_400_000, words: "4 hours" },
  { ms: 86_400_000, words: "1 day" },
]

/** Applies a plan, or leaves it armed; an active group can only be waited for. */
export function Buttons({ plan }: { plan: PlanView }) {
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
        <Button
          className="field act"
          refusal={refused ?? (active ? "The group is active: arm the plan, or stop the members." : null)}
          busy={busy}
          onClick={() => apply.mutate(key)}
        >
          {apply.isPending ? "Writing…" : plan.state === "partly" ? "Apply the rest" : "Apply"}
        </Button>
        <span className="row tight">
          <Button
            refusal={
              refused ?? (plan.state === "partly" ? "The rest of a plan can only be applied now." : null)
            }
            busy={busy}
            title="It is applied automatically as soon as the group is empty."
            onClick={() => arm.mutate({ ...key, forMs })}
          >
            Apply once the group is stopped
          </Button>
          <Select
            label="Armed for"
            value={String(forMs)}
            options={WAITS.map(({ ms, words }) => ({ value: String(ms), label: `for ${words}` }))}
            onChange={(ms) => setForMs(Number(ms))}
          />
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
    return <p className="warn flat">Who is in {group} cannot be read now, so it may be active.</p>
  if (members.length === 0)
    return (
      <p className="quiet flat">
        {group} has no members. If an offset has changed since the preview, nothing is applied.
      </p>
    )
  const named = members.slice(0, 10).map((one) => `${one.clientId} on ${one.host}`)
  return (
    <p className="warn flat">
      {group} has active members, so offsets can't be changed. Members: {named.join(", ")}
      {members.length > 10 && ` and ${members.length - 10} more`}. Stop them, or arm the plan.
    </p>
  )
}
