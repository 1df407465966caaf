"use client"

import { useId, useState } from "react"
import { Button } from "./button.tsx"

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
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (typed === name) onConfirm(typed)
      }}
    >
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
        <Button
          type="submit"
          className="field danger"
          refusal={typed === name ? null : `Type ${name} first.`}
          busy={busy}
        >
          {verb}
        </Button>
      </div>
      {error && (
        <p className="bad" role="alert">
          {error.message}
        </p>
      )}
    </form>
  )
}
