"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useId, useState } from "react"
import type { UserRow } from "#server/access/list-users.ts"
import { useTRPC } from "../../../trpc/client.tsx"

/** Forgets a person, after the address was typed: that cannot be undone. */
export function RemoveUser({ user, onRemoved }: { user: UserRow; onRemoved: () => void }) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const id = useId()
  const [confirm, setConfirm] = useState("")
  const remove = useMutation(
    trpc.access.users.remove.mutationOptions({
      onSuccess: async () => {
        onRemoved()
        await client.invalidateQueries({ queryKey: trpc.access.users.list.queryKey() })
      },
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate({ id: user.id, confirm })
  }
  return (
    <details>
      <summary>Remove this person</summary>
      <form onSubmit={submit}>
        <p>
          Sessions and API tokens end. What the person did stays in the audit log. This cannot be undone; to
          keep somebody out for a while, disable the account.
        </p>
        <label htmlFor={id}>
          Type <strong>{user.email}</strong> to confirm
        </label>
        <div className="row">
          <input
            id={id}
            className="field"
            value={confirm}
            autoComplete="off"
            onChange={(event) => setConfirm(event.target.value)}
          />
          <button
            type="submit"
            className="field danger"
            disabled={confirm !== user.email || remove.isPending}
          >
            Remove
          </button>
        </div>
        {remove.error && (
          <p className="bad" role="alert">
            {remove.error.message}
          </p>
        )}
      </form>
    </details>
  )
}
