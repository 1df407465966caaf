"use client"

import { type ReactNode, useId } from "react"
import { optionsOf, Select } from "./select.tsx"

interface ChoiceProps<Value extends string> {
  label: string
  value: Value
  of: Readonly<Record<Value, string>>
  onChange: (value: Value) => void
}

/** A labelled select in a form. */
export function Choice<Value extends string>({ label, value, of, onChange }: ChoiceProps<Value>) {
  const id = useId()
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <Select id={id} value={value} options={optionsOf(of)} onChange={onChange} />
    </div>
  )
}

interface TextProps {
  label: string
  value: string
  onChange: (value: string) => void
  hint?: string
  /** For what is written in a syntax of its own. */
  mono?: boolean
  /** Why it cannot be read; null: it can. */
  problem?: string | null
  help?: ReactNode
  /** More than one line. */
  rows?: number
}

/** A labelled text in a form. */
export function TextField({ label, value, onChange, hint, mono, problem, help, rows }: TextProps) {
  const id = useId()
  const Input = rows === undefined ? "input" : "textarea"
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        className={mono ? "field mono" : "field"}
        placeholder={hint}
        value={value}
        rows={rows}
        aria-invalid={problem ? true : undefined}
        aria-describedby={problem || help ? `${id}-help` : undefined}
        onChange={(event: { target: { value: string } }) => onChange(event.target.value)}
      />
      {problem ? (
        <p id={`${id}-help`} className="bad note">
          {problem}
        </p>
      ) : (
        help && (
          <p id={`${id}-help`} className="quiet note">
            {help}
          </p>
        )
      )}
    </div>
  )
}
