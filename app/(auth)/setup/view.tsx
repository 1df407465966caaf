"use client"

import { useMutation } from "@tanstack/react-query"
import { withBasePath } from "#app/base-path.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { NewPassword } from "../new-password.tsx"
import { TextField } from "../text-field.tsx"

/** Makes the first administrator, with the link that was printed at the first start. */
export function SetUp(props: { token: string }) {
  const trpc = useTRPC()
  const setup = useMutation(
    trpc.access.setup.mutationOptions({ onSuccess: () => window.location.assign(withBasePath("/sign-in")) }),
  )
  const submit = (filled: HTMLFormElement) => {
    const form = new FormData(filled)
    const text = (name: string) => String(form.get(name) ?? "")
    setup.mutate({ token: props.token, name: text("name"), email: text("email"), password: text("password") })
  }
  return (
    <main className="narrow panel">
      <h1>Set up Signalbox</h1>
      <p className="quiet">Create the first administrator account. This link can be used once.</p>
      <Form method="post" className="form" onSubmit={submit}>
        <TextField name="name" label="Name" rule="Enter a name." autoComplete="name" autoFocus />
        <TextField
          name="email"
          type="email"
          label="Email"
          rule="Enter an email address."
          autoComplete="username"
        />
        <NewPassword />
        <MutationError of={setup} />
        <Button type="submit" className="field act" busy={setup.isPending}>
          Make administrator
        </Button>
      </Form>
    </main>
  )
}
