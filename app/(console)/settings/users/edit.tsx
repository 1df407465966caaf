"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { useTRPC } from "#app/trpc/client.tsx"
import type { UserRow } from "#server/access/index.ts"
import type { Role } from "#server/actor.ts"
import { GrantsField, type GrantsValue } from "../grants-field.tsx"
import { InviteLink } from "./invite-link.tsx"
import { RemoveUser } from "./remove.tsx"

/** What one person may do, and whether at all. */
export function EditUser({ user, close }: { user: UserRow; close: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [grants, setGrants] = useState<GrantsValue>({
    role: user.role,
    clusters: user.clusters as Record<string, Role>,
  })
  const onSuccess = () => client.invalidateQueries({ queryKey: trpc.access.users.list.queryKey() })
  const change = useMutation(trpc.access.users.changeGrants.mutationOptions({ onSuccess }))
  const disable = useMutation(trpc.access.users.disable.mutationOptions({ onSuccess }))
  const link = useMutation(trpc.access.users.newLink.mutationOptions({ onSuccess }))
  const { id } = user
  const failure = change.error ?? disable.error ?? link.error
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({ id, ...grants })
  }
  return (
    <section className="panel" aria-label={user.email}>
      <div className="row">
        <h2 className="grow">{user.email}</h2>
        <button type="button" className="field" onClick={close}>
          Close
        </button>
      </div>
      <form className="form" onSubmit={submit}>
        <GrantsField value={grants} onChange={setGrants} />
        {user.signsInBy.includes("OIDC") && (
          <p className="quiet">Where groups are mapped to roles, the next sign-in by OIDC sets these anew.</p>
        )}
        {failure && (
          <p role="alert" className="bad">
            {failure.message}
          </p>
        )}
        {change.isSuccess && (
          <p role="status" className="good">
            Saved. Takes effect on the next request.
          </p>
        )}
        <div className="row">
          <button type="submit" className="field act" disabled={change.isPending}>
            Save roles
          </button>
          <button type="button" className="field" onClick={() => link.mutate({ id })}>
            {user.state === "invited" ? "New link" : "Create password reset link"}
          </button>
          <button
            type="button"
            className="field"
            onClick={() => disable.mutate({ id, disabled: user.state !== "disabled" })}
          >
            {user.state === "disabled" ? "Enable" : "Disable"}
          </button>
        </div>
      </form>
      {link.data && <InviteLink link={link.data} />}
      <RemoveUser user={user} onRemoved={close} />
    </section>
  )
}
