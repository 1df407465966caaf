"use client"

import { IconCalendar } from "@tabler/icons-react"
import { useId, useState } from "react"
import { Calendar } from "./calendar.tsx"
import { fromLocal, toLocal } from "./format.ts"
import { useAlive } from "./now.ts"
import { Popover } from "./popover.tsx"
import { useZone, zoneName } from "./zone.ts"

interface Props {
  label: string
  /** ISO 8601; empty: none. */
  at: string
  /** Called with ISO 8601 in UTC, or empty. */
  onChange: (iso: string) => void
  /** Default: to the second. */
  toTheMinute?: boolean
  /** What is missing is said by whoever shows it. */
  isWrong?: boolean
}

/**
 * Chooses a moment in the chosen zone, typed ("2026-11-27 14:30") or from a calendar; empty: none. The server does
 * not know the viewer's zone: it shows none.
 */
export function DateTime({ label, at, onChange, toTheMinute, isWrong = false }: Props) {
  const id = useId()
  const alive = useAlive()
  const known = alive
    ? toLocal(at)
        .slice(0, toTheMinute ? 16 : 19)
        .replace("T", " ")
    : ""
  const [draft, setDraft] = useState<string | null>(null)
  const text = draft ?? known
  const read = fromLocal(text.trim())
  const wrong = text.trim() !== "" && read === null
  const shown = useZone()
  const zone = alive ? `, ${zoneName(shown)}` : ""
  const take = (next: string) => {
    setDraft(next)
    const iso = next.trim() === "" ? "" : fromLocal(next.trim())
    if (iso !== null) onChange(iso)
  }
  const day = read === null ? null : toLocal(read).slice(0, 10)
  return (
    <span className="date-time">
      <span className="joined">
        <input
          type="text"
          className="field"
          aria-label={label + zone}
          aria-invalid={wrong || isWrong || undefined}
          aria-describedby={wrong ? `${id}-why` : undefined}
          placeholder={toTheMinute ? "YYYY-MM-DD HH:MM" : "YYYY-MM-DD HH:MM:SS"}
          value={text}
          onChange={(event) => take(event.target.value)}
          onBlur={() => !wrong && setDraft(null)}
        />
        <Popover
          label={`${label}: calendar`}
          className="field"
          summary={<IconCalendar size={16} aria-hidden="true" />}
        >
          {(close) => (
            <Calendar
              label={label}
              value={day}
              onChange={(chosen) => {
                take(`${chosen} ${text.trim().slice(11) || "00:00"}`)
                close()
              }}
            />
          )}
        </Popover>
      </span>
      {wrong && (
        <span id={`${id}-why`} className="bad help">
          Enter a date and a time, such as 2026-11-27 14:30.
        </span>
      )}
    </span>
  )
}
