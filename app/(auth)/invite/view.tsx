"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { withBasePath } from "#app/base-path.ts"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { Loading, MutationError } from "#app/ui/states.tsx"
import { NewPassword } from "../new-password.tsx"
import { TextField } from "../text-field.tsx"

interface Props {
  token: string
  /** By whom alone one signs in, where there are no passwords. */
  provider: string | null
}

/** Chooses name and password, with a link that an administrator made. */
export function Invite(props: Props) {
  const trpc = useTRPC()
  const link = useQuery({ ...trpc.access.link.queryOptions({ token: props.token }), retry: false })
  return (
    <main className="narrow panel">
      <h1>Choose a password</h1>
      <MutationError of={link} />
      {link.isPending && <Loading />}
      {link.data && props.provider === null && <Accept token={props.token} person={link.data} />}
      {link.data && props.provider !== null && (
        <p>
          You are invited as {link.data.email}. No password is needed:{" "}
          <a href={withBasePath("/sign-in")}>sign in</a> with {props.provider} by this address.
        </p>
      )}
    </main>
  )
}

function Accept(props: { token: string; person: { email: string; name: string } }) {
  const trpc = useTRPC()
  const accept = useMutation(
    trpc.access.accept.mutationOptions({ onSuccess: () => window.location.assign(withBasePath("/sign-in")) }),
  )
  const submit = (filled: HTMLFormElement) => {
    const form = new FormData(filled)
    const text = (name: string) => String(form.get(name) ?? "")
    accept.mutate({ token: props.token, name: text("name"), password: text("password") })
  }
  return (
    <Form method="post" className="form" onSubmit={submit}>
      <p className="quiet">You sign in as {props.person.email}. This link works once.</p>
      <TextField
        name="name"
        label="Name"
        rule="Enter a name."
        autoComplete="name"
        defaultValue={props.person.name}
        autoFocus
      />
      <NewPassword />
      <MutationError of={accept} />
      <Button type="submit" className="field act" busy={accept.isPending}>
        Set password
      </Button>
    </Form>
  )
}
