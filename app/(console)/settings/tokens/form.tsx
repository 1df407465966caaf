"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { TextField } from "#app/(auth)/text-field.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { Choice } from "#app/ui/form-field.tsx"
import { moment } from "#app/ui/format.ts"
import { MutationError } from "#app/ui/states.tsx"
import { GrantsField, type GrantsValue } from "../grants-field.tsx"
import { OneTime } from "../one-time.tsx"

/** Days, and how they are called. */
const LIVES = { "7": "a week", "30": "30 days", "90": "90 days", "365": "a year" }

/** Makes a token and shows it, this once. */
export function TokenForm(props: { close: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [days, setDays] = useState<keyof typeof LIVES>("90")
  const [grants, setGrants] = useState<GrantsValue>({ role: "viewer", clusters: {} })
  const create = useMutation(
    trpc.access.tokens.create.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.access.tokens.list.queryKey() }),
    }),
  )
  const submit = (filled: HTMLFormElement) => {
    const form = new FormData(filled)
    create.mutate({ name: String(form.get("name")), days: Number(days), ...grants })
  }
  return (
    <section className="panel" aria-label="New token">
      <div className="row">
        <h2 className="grow">New token</h2>
        <button type="button" className="field" onClick={props.close}>
          Close
        </button>
      </div>
      {create.data ? (
        <OneTime
          label="API token"
          value={create.data.token}
          advice={`Copy the token now; it will not be shown again. It expires ${moment(create.data.expiresAt)} and never exceeds your own permissions.`}
        />
      ) : (
        <Form className="form" method="post" onSubmit={submit}>
          <TextField name="name" label="Name" rule="Enter a name." help="Shown in the audit log" autoFocus />
          <Choice label="Expires in" value={days} of={LIVES} onChange={setDays} />
          <GrantsField value={grants} onChange={setGrants} />
          <MutationError of={create} />
          <div className="row">
            <Button type="submit" className="field act" busy={create.isPending}>
              Create token
            </Button>
          </div>
        </Form>
      )}
    </section>
  )
}
