"use client"

import { type ReactNode, useId } from "react"
import { useValidity } from "./form.tsx"
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
  /** It may not be empty, or must be a number within bounds: the rule, as it is said. */
  rule?: string
  /** A number from this one on; default: any text. */
  min?: number
  name?: string
  isDisabled?: boolean
}

/** A labelled text in a form. */
export function TextField(props: TextProps) {
  const { label, value, onChange, hint, mono, problem, help, rows, rule, min, name, isDisabled } = props
  const { field, helpId, note } = useValidity({ rule, help: Boolean(problem || help) })
  const Input = rows === undefined ? "input" : "textarea"
  return (
    <div className="form-field">
      <label htmlFor={field.id}>{label}</label>
      <Input
        {...field}
        {...(min === undefined ? {} : { type: "number", step: "any", min })}
        className={mono ? "field mono" : "field"}
        placeholder={hint}
        name={name}
        value={value}
        rows={rows}
        disabled={isDisabled}
        required={rule !== undefined}
        // Spaces alone are nothing.
        pattern={rule === undefined || rows !== undefined ? undefined : ".*\\S.*"}
        aria-invalid={problem ? true : field["aria-invalid"]}
        onChange={(event: { target: { value: string } }) => onChange(event.target.value)}
      />
      {note}
      {problem ? (
        <p id={helpId} className="bad note">
          {problem}
        </p>
      ) : (
        help && (
          <p id={helpId} className="quiet note">
            {help}
          </p>
        )
      )}
    </div>
  )
}
