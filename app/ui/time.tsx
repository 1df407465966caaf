"use client"

import { useAlive } from "./now.ts"

interface Props {
  label: string
  at: string
  onChange: (iso: string) => void
  /** Default: to the second. */
  toTheMinute?: boolean
}

/** Chooses a moment in the viewer's own zone; empty: none. The server does not know the zone: it shows none. */
export function Time(props: Props) {
  const alive = useAlive()
  const ms = alive ? Date.parse(props.at) : Number.NaN
  const local = Number.isNaN(ms)
    ? ""
    : new Date(ms - new Date(ms).getTimezoneOffset() * 60_000)
        .toISOString()
        .slice(0, props.toTheMinute ? 16 : 19)
  const zone = alive ? `, ${Intl.DateTimeFormat().resolvedOptions().timeZone}` : ""
  return (
    <input
      type="datetime-local"
      step={props.toTheMinute ? 60 : 1}
      className="field"
      aria-label={props.label + zone}
      value={local}
      onChange={(event) => {
        const chosen = new Date(event.target.value)
        props.onChange(Number.isNaN(chosen.getTime()) ? "" : chosen.toISOString())
      }}
    />
  )
}
