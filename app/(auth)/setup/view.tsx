"use client"

import { Button, PasswordInput, TextInput } from "@mantine/core"
import { useMutation } from "@tanstack/react-query"
import type { FormEvent } from "react"
import { useTRPC } from "../../trpc/client.tsx"

/** Makes the first administrator, with the link that was printed at the first start. */
export function SetUp(props: { token: string }) {
  const trpc = useTRPC()
  const setup = useMutation(
    trpc.access.setup.mutationOptions({ onSuccess: () => window.location.assign("/sign-in") }),
  )
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const text = (name: string) => String(form.get(name) ?? "")
    setup.mutate({ token: props.token, name: text("name"), email: text("email"), password: text("password") })
  }
  return (
    <main className="narrow panel">
      <h1>Set up Signalbox</h1>
      <p className="quiet">Make the first administrator. This link works once.</p>
      <form method="post" onSubmit={submit}>
        <TextInput name="name" label="Name" autoComplete="name" required autoFocus />
        <TextInput name="email" type="email" label="E-mail" autoComplete="username" required mt="sm" />
        <PasswordInput
          name="password"
          label="Password"
          description="At least 10 characters"
          autoComplete="new-password"
          minLength={10}
          required
          mt="sm"
        />
        {setup.error && (
          <p role="alert" className="bad">
            {setup.error.message}
          </p>
        )}
        <Button type="submit" loading={setup.isPending} fullWidth mt="md">
          Make administrator
        </Button>
      </form>
    </main>
  )
}
