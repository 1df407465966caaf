"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { TextField } from "#app/(auth)/text-field.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
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
  const submit = (filled: HTMLFormElement) => {
    invite.mutate({ email: String(new FormData(filled).get("email")), ...grants })
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
        <Form className="form" method="post" onSubmit={submit}>
          <TextField
            name="email"
            type="email"
            label="Email"
            rule="Enter an email address."
            autoComplete="off"
            autoFocus
          />
          <GrantsField value={grants} onChange={setGrants} />
          <MutationError of={invite} />
          <div className="row">
            <Button type="submit" className="field act" busy={invite.isPending}>
              Create link
            </Button>
          </div>
        </Form>
      )}
    </section>
  )
}
