"use client"

import { type FormEvent, useState } from "react"
import { TextField } from "../text-field.tsx"

/** Signs in and goes on to the page that was asked for. */
export function SignIn(props: { next: string }) {
  const [failure, setFailure] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    setBusy(true)
    setFailure(await signIn(String(form.get("email")), String(form.get("password")), props.next))
    setBusy(false)
  }
  return (
    <main className="narrow panel">
      <h1>Sign in to Signalbox</h1>
      <form method="post" className="form" onSubmit={(event) => void submit(event)}>
        <TextField name="email" type="email" label="E-mail" autoComplete="username" autoFocus />
        <TextField name="password" type="password" label="Password" autoComplete="current-password" />
        {failure && (
          <p role="alert" className="bad">
            {failure}
          </p>
        )}
        <button type="submit" className="field act" disabled={busy}>
          Sign in
        </button>
      </form>
    </main>
  )
}

async function signIn(email: string, password: string, next: string): Promise<string | null> {
  const response = await fetch("/api/auth/sign-in/email", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ email, password }),
  }).catch(() => null)
  if (response?.ok) {
    window.location.assign(next)
    return null
  }
  if (response === null) return "Signalbox does not answer. Try again in a moment."
  if (response.status === 429) return "Too many tries. Wait a minute, then try again."
  if (response.status >= 500)
    return "Signalbox cannot check this now: its database does not answer. Try again in a moment."
  return "E-mail or password is not right."
}
