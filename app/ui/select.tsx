"use client"

import { IconChevronDown } from "@tabler/icons-react"
import { type Start, useOpener } from "./parts.ts"

export interface Option<Value extends string = string> {
  value: Value
  label: string
  /** Those of one group stand together, below its name. */
  group?: string
}

export interface SelectProps<Value extends string = string> {
  /** Its name, where no `label` element has its `id`. */
  label?: string
  id?: string
  value: Value
  options: readonly Option<Value>[]
  onChange: (value: Value) => void
  /** In a form, the field that is sent. */
  name?: string | undefined
  disabled?: boolean
  describedBy?: string | undefined
}

/** One of a few. Of many, with a search: `Combobox`. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { parts, start, early } = useOpener()
  return (
    <>
      {parts ? (
        <parts.SelectPart of={props} start={start.current} />
      ) : (
        <button type="button" className="field select" {...early} {...namesOf(props)} aria-expanded={false}>
          <span className="value">{labelOf(props)}</span>
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
      )}
      {props.name !== undefined && <input type="hidden" name={props.name} value={props.value} />}
    </>
  )
}

/** What a part is given besides its properties. */
export interface Started<Props> {
  of: Props
  start: Start
}

/** What the button of a select is named by, whoever draws it. */
export function namesOf<Value extends string>({ id, label, describedBy, disabled }: SelectProps<Value>) {
  return {
    id,
    role: "combobox",
    "aria-haspopup": "listbox" as const,
    "aria-label": label,
    "aria-describedby": describedBy,
    disabled,
  }
}

function labelOf<Value extends string>({ options, value }: SelectProps<Value>): string {
  return options.find((one) => one.value === value)?.label ?? value
}

/** The options of a record: value to label, in its order. */
export function optionsOf<Value extends string>(of: Readonly<Record<Value, string>>): Option<Value>[] {
  return (Object.keys(of) as Value[]).map((value) => ({ value, label: of[value] }))
}
