import { type InputHTMLAttributes, useId } from "react"

interface Props extends InputHTMLAttributes<HTMLInputElement> {
  label: string
  help?: string
}

/** A field that must be filled in, with its name above it. */
export function TextField({ label, help, ...input }: Props) {
  const id = useId()
  return (
    <div className="form-field">
      <label htmlFor={id}>{label}</label>
      <input id={id} className="field" required aria-describedby={help && `${id}-help`} {...input} />
      {help && (
        <span id={`${id}-help`} className="quiet help">
          {help}
        </span>
      )}
    </div>
  )
}
