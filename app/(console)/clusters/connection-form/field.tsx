"use client"

import { useId } from "react"
import { Select } from "#app/ui/select.tsx"
import type { ConnectionField } from "#server/brokers/system.ts"

interface Props {
  field: ConnectionField
  /** null: the stored secret is to be forgotten. */
  value: string | boolean | null
  /** A secret is stored, which an empty field keeps. */
  stored: boolean
  onChange: (value: string | boolean | null) => void
}

/** One field of a connection form, as the system describes it. */
export function Field({ field, value, stored, onChange }: Props) {
  const id = useId()
  if (field.kind === "switch") {
    return (
      <div className="form-field">
        <label className="row" htmlFor={id}>
          <input
            id={id}
            type="checkbox"
            checked={value === true}
            aria-describedby={`${id}-help`}
            onChange={(event) => onChange(event.target.checked)}
          />
          {field.label}
        </label>
        <Help id={id} text={field.help} />
      </div>
    )
  }
  return (
    <div className="form-field">
      <label htmlFor={id}>{field.label}</label>
      <Input id={id} field={field} value={value === null ? null : String(value)} {...{ stored, onChange }} />
      <Help id={id} text={field.help} />
      {stored && (
        <label className="row check">
          <input
            type="checkbox"
            checked={value === null}
            onChange={(event) => onChange(event.target.checked ? null : "")}
          />
          forget what is stored
        </label>
      )}
    </div>
  )
}

function Help(props: { id: string; text: string }) {
  return (
    <span id={`${props.id}-help`} className="quiet help">
      {props.text}
    </span>
  )
}

const TYPES = { text: "text", number: "number", secret: "password" } as const

interface InputProps extends Pick<Props, "field" | "stored" | "onChange"> {
  id: string
  value: string | null
}

function Input({ id, field, value, stored, onChange }: InputProps) {
  const common = {
    id,
    name: field.name,
    value: value ?? "",
    className: "field",
    disabled: value === null,
    placeholder: stored ? "stored; leave empty to keep it" : field.placeholder,
    "aria-describedby": `${id}-help`,
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  }
  switch (field.kind) {
    case "select":
      return (
        <Select
          id={id}
          name={field.name}
          value={value ?? ""}
          disabled={value === null}
          describedBy={`${id}-help`}
          options={field.options ?? []}
          onChange={onChange}
        />
      )
    case "multiline":
    case "secret-multiline":
      return <textarea {...common} className="field mono" rows={5} spellCheck={false} autoComplete="off" />
    default:
      return (
        <input
          {...common}
          type={TYPES[field.kind === "switch" ? "text" : field.kind]}
          spellCheck={false}
          autoComplete={field.kind === "secret" ? "new-password" : "off"}
        />
      )
  }
}
