"use client"

import { useState } from "react"
import { withBasePath } from "#app/base-path.ts"
import { Button } from "#app/ui/button.tsx"
import { Form } from "#app/ui/form.tsx"
import { Logo } from "#app/ui/logo.tsx"
import { TextField } from "../text-field.tsx"
import { wordsFor } from "./errors.ts"
import { startOidc } from "./oidc.ts"

interface Props {
  next: string
  /** Whether e-mail and password will do. */
  password: boolean
  /** The OIDC provider, by its name; null: there is none. */
  provider: string | null
  /** Why the sign-in before this one failed. */
  error: string | null
}

/** Signs in and goes on to the page that was asked for. */
export function SignIn({ next, password, provider, error }: Props) {
  const [failure, setFailure] = useState(error === null ? null : wordsFor(error))
  const [busy, setBusy] = useState(false)
  const attempt = async (signingIn: Promise<string | null>) => {
    setBusy(true)
    setFailure(await signingIn)
    setBusy(false)
  }
  const submit = (filled: HTMLFormElement) => {
    const form = new FormData(filled)
    void attempt(signIn({ email: String(form.get("email")), password: String(form.get("password")), next }))
  }
  return (
    <main className="narrow panel">
      <div className="form">
        <Logo size={36} />
        <h1>Sign in to Signalbox</h1>
        {failure && (
          <p role="alert" className="bad">
            {failure}
          </p>
        )}
        {provider !== null && (
          <button
            type="button"
            className={password ? "field" : "field act"}
            disabled={busy}
            onClick={() => void attempt(startOidc(next))}
          >
            Sign in with {provider}
          </button>
        )}
        {password && (
          <Form method="post" className="form" onSubmit={submit}>
            <TextField
              name="email"
              type="email"
              label="Email"
              rule="Enter your email address."
              autoComplete="username"
              autoFocus
            />
            <TextField
              name="password"
              type="password"
              label="Password"
              rule="Enter your password."
              autoComplete="current-password"
            />
            <Button type="submit" className="field act" busy={busy}>
              Sign in
            </Button>
          </Form>
        )}
      </div>
    </main>
  )
}

async function signIn(given: { email: string; password: string; next: string }): Promise<string | null> {
  const { next, ...credentials } = given
  const response = await fetch(withBasePath("/api/auth/sign-in/email"), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(credentials),
  }).catch(() => null)
  if (response?.ok) {
    window.location.assign(withBasePath(next))
    return null
  }
  if (response === null) return "Signalbox does not answer. Try again in a moment."
  if (response.status === 429) return "Too many tries. Wait a minute, then try again."
  if (response.status === 403) return wordsFor("disabled")
  if (response.status >= 500)
    return "Signalbox cannot check this now: its database does not answer. Try again in a moment."
  return "Incorrect email or password."
}
