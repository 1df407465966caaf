"use client"

import { useId } from "react"
import type { RouterInputs } from "#app/trpc/types.ts"
import { TextField } from "#app/ui/form-field.tsx"
import { DAYS } from "./recurrence.ts"

type Window = NonNullable<RouterInputs["alerts"]["addSilence"]["recurrence"]>

/** Sunday nights by the viewer's clock. */
export function startingWindow(): Window {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return { timeZone, days: [0], start: "22:00", minutes: 120 }
}

interface Props {
  value: Window
  onChange: (value: Window) => void
}

/** The days and hours of a maintenance window. */
export function WeeklyWindow({ value, onChange }: Props) {
  const id = useId()
  const toggle = (day: number) => {
    const days = value.days.includes(day) ? value.days.filter((one) => one !== day) : [...value.days, day]
    onChange({ ...value, days: days.toSorted() })
  }
  return (
    <>
      <fieldset className="form-field plain">
        <legend>Days on which it begins</legend>
        <div className="row">
          {DAYS.map((name, day) => (
            <label key={name}>
              <input type="checkbox" checked={value.days.includes(day)} onChange={() => toggle(day)} /> {name}
            </label>
          ))}
        </div>
      </fieldset>
      <div className="form-field">
        <label htmlFor={`${id}-start`}>Begins at</label>
        <input
          id={`${id}-start`}
          type="time"
          className="field"
          required
          value={value.start}
          onChange={(event) => onChange({ ...value, start: event.target.value })}
        />
      </div>
      <div className="form-field">
        <label htmlFor={`${id}-minutes`}>Minutes</label>
        <input
          id={`${id}-minutes`}
          type="number"
          className="field"
          min={1}
          max={10080}
          required
          value={value.minutes}
          onChange={(event) => onChange({ ...value, minutes: Number(event.target.value) })}
        />
      </div>
      <TextField
        label="Time zone"
        hint="Europe/Berlin"
        value={value.timeZone}
        onChange={(timeZone) => onChange({ ...value, timeZone })}
      />
    </>
  )
}
