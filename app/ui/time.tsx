"use client"

import { fromLocal, toLocal } from "./format.ts"
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
  const local = alive ? toLocal(props.at).slice(0, props.toTheMinute ? 16 : 19) : ""
  const zone = alive ? `, ${Intl.DateTimeFormat().resolvedOptions().timeZone}` : ""
  return (
    <input
      type="datetime-local"
      step={props.toTheMinute ? 60 : 1}
      className="field"
      aria-label={props.label + zone}
      value={local}
      onChange={(event) => props.onChange(fromLocal(event.target.value) ?? "")}
    />
  )
}
