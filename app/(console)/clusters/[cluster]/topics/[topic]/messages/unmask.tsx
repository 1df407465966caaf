"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Moment } from "#app/ui/moment.tsx"
import { MutationError } from "#app/ui/states.tsx"
import type { Place } from "./state.ts"

interface Masking {
  rules: number
  unmaskedUntil: number | null
}

/** Says that rules hide something here, and lets an admin look with a reason. */
export function Unmask({ place, masking }: { place: Place; masking: Masking }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const refused = useRefusal("message.unmask", place.cluster)
  const [reason, setReason] = useState("")
  const again = () => client.invalidateQueries({ queryKey: trpc.messages.pathKey() })
  const unmask = useMutation(trpc.masking.unmask.mutationOptions({ onSuccess: again }))
  const mask = useMutation(trpc.masking.again.mutationOptions({ onSuccess: again }))
  if (masking.rules === 0) return null
  if (masking.unmaskedUntil !== null)
    return (
      <div className="row">
        <span className="warn">
          <span aria-hidden="true">▲</span> You see these messages unmasked until{" "}
          <Moment at={masking.unmaskedUntil} />.
        </span>
        <button type="button" className="field" onClick={() => mask.mutate(place)}>
          Mask again
        </button>
      </div>
    )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    unmask.mutate({ ...place, reason })
  }
  return (
    <form className="row" onSubmit={submit} aria-label="Unmask">
      <span className="quiet">Parts of these messages are masked.</span>
      <input
        className="field grow"
        aria-label="Reason to unmask"
        placeholder="Reason; it goes into the audit log"
        disabled={refused !== null}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      <button
        type="submit"
        className="field"
        disabled={refused !== null || reason.trim().length < 3 || unmask.isPending}
        title={refused ?? undefined}
      >
        Unmask for 15 minutes
      </button>
      {refused && <span className="quiet">{refused}</span>}
      <MutationError of={unmask} inline />
    </form>
  )
}
