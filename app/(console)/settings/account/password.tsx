"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { NewPassword } from "#app/(auth)/new-password.tsx"
import { TextField } from "#app/(auth)/text-field.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { MutationError } from "#app/ui/states.tsx"

export function PasswordForm() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const change = useMutation(
    trpc.access.changePassword.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.access.sessions.queryKey() }),
    }),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = event.currentTarget
    const values = new FormData(form)
    const text = (name: string) => String(values.get(name) ?? "")
    change.mutate({ current: text("current"), next: text("next") }, { onSuccess: () => form.reset() })
  }
  return (
    <section className="panel" aria-label="Password">
      <h2>Password</h2>
      <form className="form" method="post" onSubmit={submit}>
        <TextField name="current" type="password" label="Current password" autoComplete="current-password" />
        <NewPassword name="next" label="New password" help="Your other sessions end." />
        <MutationError of={change} />
        {change.isSuccess && (
          <p role="status" className="good">
            The password is changed.
          </p>
        )}
        <div className="row">
          <button type="submit" className="field act" disabled={change.isPending}>
            Change password
          </button>
        </div>
      </form>
    </section>
  )
}
