"use client"

import type { ReactNode } from "react"

/** A field with words before it and help behind. */
export function Labelled(props: { text: string; help: string; children: ReactNode }) {
  return (
    <span className="row tight">
      {props.text && <span>{props.text}</span>}
      {props.children}
      <span className="quiet help">{props.help}</span>
    </span>
  )
}

/** A whole number; null: none yet. */
export function NumberField(props: {
  label: string
  value: number | null
  min?: number
  isWrong?: boolean
  onChange: (value: number | null) => void
}) {
  return (
    <input
      className="field num"
      type="number"
      step={1}
      min={props.min}
      aria-label={props.label}
      placeholder={props.label.toLowerCase()}
      aria-invalid={props.isWrong || undefined}
      value={props.value ?? ""}
      onChange={(event) =>
        props.onChange(event.target.value === "" ? null : Math.trunc(Number(event.target.value)))
      }
    />
  )
}
