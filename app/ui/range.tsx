"use client"

import { parseAsBoolean, parseAsString, useQueryState, useQueryStates } from "nuqs"
import { useEffect, useState } from "react"
import { parseMoment } from "#server/moment.ts"
import { DateTime } from "./date-time.tsx"

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
  /** Why it shows nothing, or not what its URL says. */
  problem: RangeProblem | null
}

type RangeProblem = { kind: "reversed" } | { kind: "invalid"; text: string }

const HOUR_MS = 3_600_000

/** Reads a range from its two texts; what is not a time gives the last hour, and says so. */
export function readRange(state: { from: string; to: string }, now: number): Range {
  const relative = RANGES.find((range) => range.value === state.from)
  if (relative) return { from: now - relative.ms, to: now, moving: true, problem: null }
  const from = parseMoment(state.from)
  const to = state.to === "now" ? now : parseMoment(state.to)
  if (from === null || to === null) {
    const text = from === null ? state.from : state.to
    return { from: now - HOUR_MS, to: now, moving: true, problem: { kind: "invalid", text } }
  }
  return { from, to, moving: state.to === "now", problem: from < to ? null : { kind: "reversed" } }
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
  return readRange(state, now)
}

/** What a chart over the page's range is given besides its lines. */
export function factsOf<
  Facts extends { at: number[]; stepMs: number; resolutionMs: number; begins: number | null },
>({ at, stepMs, resolutionMs, begins }: Facts, { from, to }: Range) {
  return { at, stepMs, resolutionMs, begins, range: { from, to } }
}

/** Sets the range to two moments, as a drag over a chart does, but to none that is yet to come; null goes back. */
export function useZoom(): (range: { from: number; to: number } | null) => void {
  const [, set] = useQueryStates(parsers, { history: "push" })
  return (range) => {
    const now = Date.now()
    void set(
      range
        ? { from: iso(range.from < now ? range.from : now - MIN_ZOOM_MS), to: iso(Math.min(range.to, now)) }
        : { from: null, to: null },
    )
  }
}

/** A zoom wholly into the future shows this much before now. */
const MIN_ZOOM_MS = 60_000

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/** Chooses the page's range: one that moves, or two moments. */
export function RangePicker() {
  const [state, set] = useQueryStates(parsers, { history: "push" })
  const range = useRange()
  const custom = !RANGES.some((one) => one.value === state.from)
  const choose = (value: string) => {
    if (value !== "custom") void set({ from: value, to: null })
    else if (range) void set({ from: iso(range.from), to: iso(range.to) })
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
      {range?.problem && <Problem range={range} of={range.problem} set={(to) => void set(to)} />}
    </div>
  )
}

function Problem(props: {
  range: Range
  of: RangeProblem
  set: (to: { from: string | null; to: string | null }) => void
}) {
  const { range, of } = props
  if (of.kind === "reversed")
    return (
      <span className="row tight bad" role="alert">
        The start is after the end.
        <button
          type="button"
          className="field"
          onClick={() => props.set({ from: iso(range.to), to: iso(range.from) })}
        >
          Swap
        </button>
      </span>
    )
  return (
    <span className="row tight bad" role="alert">
      “{of.text.slice(0, 40)}” is not a time. Showing the last hour.
      <button type="button" className="field" onClick={() => props.set({ from: null, to: null })}>
        Reset
      </button>
    </span>
  )
}

/** One end of the range; what is no moment changes nothing. */
function End(props: { label: string; at: number; onChange: (iso: string) => void }) {
  const at = iso(props.at)
  return <DateTime label={props.label} at={at} toTheMinute onChange={(iso) => iso && props.onChange(iso)} />
}
