"use client"

import type { InputHTMLAttributes } from "react"
import { useValidity } from "#app/ui/form.tsx"

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  /** What is to be entered, as it is said: "Enter a name." */
  rule: string
  help?: string
}

/** A field of a `Form` that must be filled in, with its name above it. */
export function TextField({ label, rule, help, ...input }: Props) {
  const { field, helpId, note } = useValidity({ rule, help: help !== undefined })
  return (
    <div className="form-field">
      <label htmlFor={field.id}>{label}</label>
      <input className="field" required {...field} {...input} />
      {note}
      {help && (
        <span id={helpId} className="quiet help">
          {help}
        </span>
      )}
    </div>
  )
}
