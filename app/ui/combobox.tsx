"use client"

import { IconSelector } from "@tabler/icons-react"
import { useOpener } from "./parts.ts"
import type { Option } from "./select.tsx"

export interface ComboboxOption extends Option {
  /** What tells it from others of its name, such as its cluster. */
  note?: string
}

export interface ComboboxProps {
  label: string
  id?: string
  value: string | null
  options: readonly ComboboxOption[]
  onChange: (value: string) => void
  /** Shown while nothing is chosen. */
  placeholder: string
  /** What is said when nothing is found. */
  empty: string
  /** What is typed, where the options are the server's answer to it; default: the options that contain it are shown. */
  onSearch?: (q: string) => void
  disabled?: boolean
}

/** One of many: a button that opens a list with a search. */
export function Combobox(props: ComboboxProps) {
  const { parts, start, early } = useOpener()
  if (parts) return <parts.ComboboxPart of={props} start={start.current} />
  const { id, label, value, options, placeholder, disabled } = props
  const chosen = options.find((one) => one.value === value)
  return (
    <button
      type="button"
      role="combobox"
      className="field select"
      id={id}
      aria-label={label}
      aria-haspopup="dialog"
      aria-expanded={false}
      disabled={disabled}
      {...early}
    >
      <span className={chosen ? "value" : "value quiet"}>{chosen?.label ?? value ?? placeholder}</span>
      <IconSelector size={14} aria-hidden="true" />
    </button>
  )
}
