"use client"

import { parseAsBoolean, parseAsString, useQueryState, useQueryStates } from "nuqs"
import { useEffect, useState } from "react"
import { Time } from "./time.tsx"

const RANGES = [
  { value: "now-15m", label: "15 minutes", ms: 900_000 },
  { value: "now-1h", label: "1 hour", ms: 3_600_000 },
  { value: "now-6h", label: "6 hours", ms: 21_600_000 },
  { value: "now-24h", label: "24 hours", ms: 86_400_000 },
  { value: "now-7d", label: "7 days", ms: 604_800_000 },
  { value: "now-30d", label: "30 days", ms: 2_592_000_000 },
]

const parsers = { from: parseAsString.withDefault("now-1h"), to: parseAsString.withDefault("now") }

export interface Range {
  from: number
  to: number
  /** Whether it ends now, and so moves. */
  moving: boolean
}

/** The page's time range, from its URL; null before the page lives. A moving range moves every ten seconds. */
export function useRange(): Range | null {
  const [state] = useQueryStates(parsers)
  const [live] = useQueryState("live", parseAsBoolean.withDefault(true))
  const [now, setNow] = useState<number | null>(null)
  useEffect(() => {
    const tick = () => setNow(Math.floor(Date.now() / 10_000) * 10_000)
    tick()
    if (!live) return
    const timer = setInterval(tick, 10_000)
    return () => clearInterval(timer)
  }, [live])
  if (now === null) return null
  const relative = RANGES.find((range) => range.value === state.from)
  if (relative) return { from: now - relative.ms, to: now, moving: true }
  const from = Date.parse(state.from)
  const to = state.to === "now" ? now : Date.parse(state.to)
  return Number.isNaN(from) || Number.isNaN(to)
    ? { from: now - 3_600_000, to: now, moving: true }
    : { from, to, moving: state.to === "now" }
}

/** Sets the range to two moments, as a drag over a chart does; null goes back to what it was. */
export function useZoom(): (range: { from: number; to: number } | null) => void {
  const [, set] = useQueryStates(parsers, { history: "push" })
  return (range) => {
    void set(
      range
        ? { from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() }
        : { from: null, to: null },
    )
  }
}

/** Chooses the page's range: one that moves, or two moments. */
export function RangePicker() {
  const [state, set] = useQueryStates(parsers, { history: "push" })
  const range = useRange()
  const custom = !RANGES.some((one) => one.value === state.from)
  const choose = (value: string) => {
    if (value !== "custom") void set({ from: value, to: null })
    else if (range)
      void set({ from: new Date(range.from).toISOString(), to: new Date(range.to).toISOString() })
  }
  return (
    <div className="row tight">
      <select
        className="field"
        aria-label="Time range"
        value={custom ? "custom" : state.from}
        onChange={(event) => choose(event.target.value)}
      >
        {RANGES.map((one) => (
          <option key={one.value} value={one.value}>
            Last {one.label}
          </option>
        ))}
        <option value="custom">From … to …</option>
      </select>
      {custom && range && (
        <>
          <End label="From" at={range.from} onChange={(from) => void set({ from })} />
          <End label="To" at={range.to} onChange={(to) => void set({ to })} />
        </>
      )}
    </div>
  )
}

/** One end of the range; what is no moment changes nothing. */
function End(props: { label: string; at: number; onChange: (iso: string) => void }) {
  const at = new Date(props.at).toISOString()
  return <Time label={props.label} at={at} toTheMinute onChange={(iso) => iso && props.onChange(iso)} />
}
