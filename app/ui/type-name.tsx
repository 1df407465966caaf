"use client"

import { type FormEvent, useId, useState } from "react"

interface Props {
  /** What must be typed. */
  name: string
  /** What the button does: Disconnect. */
  verb: string
  busy: boolean
  error: { message: string } | null
  onConfirm: (typed: string) => void
}

/** For what cannot be undone: the button works when the name was typed. */
export function TypeName({ name, verb, busy, error, onConfirm }: Props) {
  const id = useId()
  const [typed, setTyped] = useState("")
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onConfirm(typed)
  }
  return (
    <form onSubmit={submit}>
      <label htmlFor={id}>
        Type <strong>{name}</strong> to confirm
      </label>
      <div className="row">
        <input
          id={id}
          className="field"
          value={typed}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
        />
        <button type="submit" className="field danger" disabled={typed !== name || busy}>
          {verb}
        </button>
      </div>
      {error && (
        <p className="bad" role="alert">
          {error.message}
        </p>
      )}
    </form>
  )
}
