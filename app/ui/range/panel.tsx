"use client"

import { type FormEvent, useState } from "react"
import { Calendar } from "../calendar.tsx"
import { dayOf } from "../days.ts"
import { chooseZone, useZone, type Zone, zoneName, zoneOffset } from "../zone.ts"
import { readExpression } from "./expression.ts"
import { QUICK_RANGES, type Range, type RangeText, readRange, written } from "./range.ts"
import { useRangeText } from "./use-range.ts"

interface Props {
  range: Range | null
  close: () => void
}

/** The range in its expressions, on a calendar, or one of the usual ones, and the zone that times are shown in. */
export default function RangePanel({ range, close }: Props) {
  const [, set] = useRangeText()
  const choose = (to: RangeText) => {
    set(to)
    close()
  }
  return (
    <div className="range-panel">
      <Absolute range={range} choose={choose} />
      <Quick choose={choose} />
      <ZoneChoice />
    </div>
  )
}

const HINT = "now-6h, yesterday, 09:30, 2026-11-26 09:30 or ISO 8601"

function Absolute({ range, choose }: { range: Range | null; choose: (to: RangeText) => void }) {
  const [text] = useRangeText()
  const zone = useZone()
  const [state, setState] = useState<RangeText>(() => ({
    from: shown(text.from, zone),
    to: shown(text.to, zone),
  }))
  const now = Date.now()
  const problems = problemsOf(state, { now, zone })
  const apply = (event: FormEvent) => {
    event.preventDefault()
    if (problems.from === null && problems.to === null) choose(kept(state, { now, zone }))
  }
  const days = readRange(state, { now, zone })
  const shownDays = days.problem === null ? days : (range ?? { from: now, to: now })
  // The first press is the first day, the second the last one.
  const [first, setFirst] = useState<string | null>(null)
  const press = (day: string) => {
    const [from, to] = first === null || day < first ? [day, first ?? day] : [first, day]
    setFirst(first === null ? day : null)
    setState({ from, to })
  }
  return (
    <form className="stack" onSubmit={apply}>
      <End
        label="From"
        value={state.from}
        problem={problems.from}
        set={(from) => setState({ ...state, from })}
      />
      <End
        label="To"
        hint={`Such as ${HINT}`}
        value={state.to}
        problem={problems.to}
        set={(to) => setState({ ...state, to })}
      />
      <Calendar
        label="Days"
        value={dayOf(new Date(shownDays.from))}
        until={dayOf(new Date(shownDays.to - 1))}
        onChange={press}
      />
      <button type="submit" className="field act">
        Apply time range
      </button>
    </form>
  )
}

interface EndProps {
  label: string
  value: string
  problem: string | null
  hint?: string
  set: (text: string) => void
}

function End(props: EndProps) {
  const hint = `range-${props.label.toLowerCase()}-hint`
  return (
    <label className="form-field">
      {props.label}
      <input
        className="field mono"
        value={props.value}
        spellCheck={false}
        autoComplete="off"
        aria-invalid={props.problem !== null}
        aria-describedby={hint}
        onChange={(event) => props.set(event.target.value)}
      />
      <span id={hint} className={props.problem === null ? "quiet help" : "bad help"}>
        {props.problem ?? props.hint}
      </span>
    </label>
  )
}

function problemsOf(text: RangeText, on: { now: number; zone: Zone }) {
  const from = readExpression(text.from, { ...on, end: "from" })
  const to = readExpression(text.to, { ...on, end: "to" })
  const isReversed = from !== null && to !== null && from.at >= to.at
  return {
    from: from === null ? `Enter a time: ${HINT}.` : null,
    to: to === null ? `Enter a time: ${HINT}.` : isReversed ? "Enter an end after the start." : null,
  }
}

/** A moment of the address as one would type it; an expression stays one. */
function shown(text: string, zone: Zone): string {
  const at = /^[-+]?\d{4,6}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(at) ? text : written(at, zone)
}

/** Words stay as they are, and mean the same to a colleague tomorrow; a typed time becomes one with its zone. */
function kept(text: RangeText, on: { now: number; zone: Zone }): RangeText {
  const keep = (one: string, end: "from" | "to") => {
    const trimmed = one.trim()
    if (/^(now|today|yesterday)/i.test(trimmed)) return trimmed
    const read = readExpression(trimmed, { ...on, end })
    return read === null ? trimmed : new Date(read.at).toISOString()
  }
  return { from: keep(text.from, "from"), to: keep(text.to, "to") }
}

function Quick({ choose }: { choose: (to: RangeText) => void }) {
  const [text] = useRangeText()
  const [search, setSearch] = useState("")
  const found = QUICK_RANGES.filter(({ label, from }) =>
    `${label} ${from}`.toLowerCase().includes(search.trim().toLowerCase()),
  )
  return (
    <div className="stack range-quick">
      <input
        className="field"
        type="search"
        placeholder="Search quick ranges"
        aria-label="Search quick ranges"
        // biome-ignore lint/a11y/noAutofocus: the panel was opened to choose, and typing is the quickest way
        autoFocus
        value={search}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          const [first] = found
          if (event.key === "Enter" && first) choose(first)
        }}
      />
      <ul aria-label="Quick ranges">
        {found.map(({ from, to, label }) => (
          <li key={label}>
            <button
              type="button"
              className="item"
              aria-pressed={from === text.from && to === text.to}
              onClick={() => choose({ from, to })}
            >
              {label}
            </button>
          </li>
        ))}
        {found.length === 0 && <li className="quiet">No quick range matches. Type it at the left.</li>}
      </ul>
    </div>
  )
}

const ZONES: readonly Zone[] = ["local", "utc"]

function ZoneChoice() {
  const zone = useZone()
  const now = Date.now()
  return (
    <fieldset className="row tight range-zones">
      <legend className="unseen">Time zone</legend>
      {ZONES.map((one) => (
        <label key={one} className="row check">
          <input type="radio" name="range-zone" checked={zone === one} onChange={() => chooseZone(one)} />
          <span>
            {zoneName(one)}{" "}
            {one === "local" && <span className="quiet">({zoneOffset(one, now)}, your own)</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
