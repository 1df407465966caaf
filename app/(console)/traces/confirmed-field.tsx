"use client"

import { useId, useState } from "react"

interface Props {
  label: string
  value: string
  /** What is meant by what is typed; null: nothing that can be read. */
  read: (text: string) => string | null
  /** What is said then. */
  problem?: string
  onChange: (value: string) => void
}

/** A short text that counts once it is left or confirmed. */
export function ConfirmedField({ label, value, read, problem, onChange }: Props) {
  const id = useId()
  const [text, setText] = useState(value)
  const [known, setKnown] = useState(value)
  if (known !== value) {
    setKnown(value)
    setText(value)
  }
  const meant = read(text)
  const confirm = () => {
    if (meant !== null && meant !== value) onChange(meant)
  }
  return (
    <>
      <input
        className="field confirmed-field"
        aria-label={label}
        placeholder={label}
        autoComplete="off"
        maxLength={200}
        value={text}
        aria-invalid={meant === null ? true : undefined}
        aria-describedby={meant === null ? id : undefined}
        onChange={(event) => setText(event.target.value)}
        onBlur={confirm}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return
          event.preventDefault()
          confirm()
        }}
      />
      {meant === null && (
        <span id={id} className="bad help" role="alert">
          {problem}
        </span>
      )}
    </>
  )
}
