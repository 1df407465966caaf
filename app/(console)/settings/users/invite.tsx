"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { TextField } from "#app/(auth)/text-field.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { GrantsField, type GrantsValue } from "../grants-field.tsx"
import { InviteLink } from "./invite-link.tsx"

/** Adds a person; the link is handed over by whatever way one has. */
export function InviteForm(props: { close: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [grants, setGrants] = useState<GrantsValue>({ role: "viewer", clusters: {} })
  const invite = useMutation(
    trpc.access.users.invite.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.access.users.list.queryKey() }),
    }),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    invite.mutate({ email: String(new FormData(event.currentTarget).get("email")), ...grants })
  }
  return (
    <section className="panel" aria-label="Invite">
      <div className="row">
        <h2 className="grow">Invite user</h2>
        <button type="button" className="field" onClick={props.close}>
          Close
        </button>
      </div>
      {invite.data ? (
        <InviteLink link={invite.data} />
      ) : (
        <form className="form" method="post" onSubmit={submit}>
          <TextField name="email" type="email" label="Email" autoComplete="off" autoFocus />
          <GrantsField value={grants} onChange={setGrants} />
          <MutationError of={invite} />
          <div className="row">
            <button type="submit" className="field act" disabled={invite.isPending}>
              Create link
            </button>
          </div>
        </form>
      )}
    </section>
  )
}
