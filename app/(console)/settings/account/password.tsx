"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { NewPassword } from "#app/(auth)/new-password.tsx"
import { TextField } from "#app/(auth)/text-field.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { MutationError } from "#app/ui/states.tsx"

export function PasswordForm() {
  const trpc = useTRPC()
  const client = useQueryClient()
  const change = useMutation(
    trpc.access.changePassword.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.access.sessions.queryKey() }),
    }),
  )
  const submit = (form: HTMLFormElement) => {
    const values = new FormData(form)
    const text = (name: string) => String(values.get(name) ?? "")
    change.mutate({ current: text("current"), next: text("next") }, { onSuccess: () => form.reset() })
  }
  return (
    <section className="panel" aria-label="Password">
      <h2>Password</h2>
      <Form className="form" method="post" onSubmit={submit}>
        <TextField
          name="current"
          type="password"
          label="Current password"
          rule="Enter your current password."
          autoComplete="current-password"
        />
        <NewPassword name="next" label="New password" help="Your other sessions end." />
        <MutationError of={change} />
        {change.isSuccess && (
          <p role="status" className="good">
            The password is changed.
          </p>
        )}
        <div className="row">
          <Button type="submit" className="field act" busy={change.isPending}>
            Change password
          </Button>
        </div>
      </Form>
    </section>
  )
}
