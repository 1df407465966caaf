"use client"

import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react"
import { type KeyboardEvent, useEffect, useRef, useState } from "react"
import { addDays, addMonths, dayOf, fromDay, weeksOf } from "./days.ts"

interface Props {
  label: string
  /** A day as "2026-11-27"; null: none is chosen. */
  value: string | null
  /** The last day of a range that begins with it. */
  until?: string
  onChange: (day: string) => void
}

const STEPS: Record<string, (day: string) => string> = {
  ArrowLeft: (day) => addDays(day, -1),
  ArrowRight: (day) => addDays(day, 1),
  ArrowUp: (day) => addDays(day, -7),
  ArrowDown: (day) => addDays(day, 7),
  PageUp: (day) => addMonths(day, -1),
  PageDown: (day) => addMonths(day, 1),
}

/** A month of days, one of which is chosen. Arrow keys move by days and weeks, Page Up and Down by months. */
export function Calendar({ label, value, until, onChange }: Props) {
  const today = dayOf(new Date())
  const [at, setAt] = useState(value ?? today)
  const grid = useRef<HTMLTableElement>(null)
  const moved = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows the day it was moved to
  useEffect(() => {
    if (moved.current) grid.current?.querySelector<HTMLElement>("[tabindex='0']")?.focus()
    moved.current = false
  }, [at])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key]
    if (!step) return
    event.preventDefault()
    moved.current = true
    setAt(step(at))
  }
  const month = fromDay(at).toLocaleDateString("en-US", { month: "long", year: "numeric" })
  return (
    <div className="calendar">
      <div className="row">
        <button
          type="button"
          className="icon-button"
          aria-label="Previous month"
          onClick={() => setAt(addMonths(at, -1))}
        >
          <IconChevronLeft size={16} aria-hidden="true" />
        </button>
        <span className="grow strong" aria-live="polite">
          {month}
        </span>
        <button
          type="button"
          className="icon-button"
          aria-label="Next month"
          onClick={() => setAt(addMonths(at, 1))}
        >
          <IconChevronRight size={16} aria-hidden="true" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a grid of days is the pattern of the ARIA guide */}
      <table ref={grid} role="grid" aria-label={`${label}, ${month}`} onKeyDown={onKeyDown}>
        <thead>
          <tr>
            {["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(at).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day}>
                  <button
                    type="button"
                    className={day.slice(0, 7) === at.slice(0, 7) ? "day" : "day other"}
                    tabIndex={day === at ? 0 : -1}
                    aria-pressed={value !== null && day >= value && day <= (until ?? value)}
                    aria-current={day === today ? "date" : undefined}
                    aria-label={fromDay(day).toLocaleDateString("en-US", { dateStyle: "long" })}
                    onClick={() => {
                      setAt(day)
                      onChange(day)
                    }}
                  >
                    {Number(day.slice(8))}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
