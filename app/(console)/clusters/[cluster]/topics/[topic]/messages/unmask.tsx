"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form, useValidity } from "#app/ui/form.tsx"
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
  const { field, note } = useValidity({ rule: "Enter a reason, of three letters or more.", help: false })
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
  return (
    <Form className="row" onSubmit={() => unmask.mutate({ ...place, reason })} aria-label="Unmask">
      <span className="quiet">Parts of these messages are masked.</span>
      <div className="grow form-field">
        <input
          {...field}
          className="field"
          aria-label="Reason to unmask"
          placeholder="Reason; it goes into the audit log"
          disabled={refused !== null}
          value={reason}
          required
          pattern=".*\S.*\S.*\S.*"
          onChange={(event) => setReason(event.target.value)}
        />
        {note}
      </div>
      <Button type="submit" refusal={refused} busy={unmask.isPending}>
        Unmask for 15 minutes
      </Button>
      {refused && <span className="quiet">{refused}</span>}
      <MutationError of={unmask} inline />
    </Form>
  )
}
