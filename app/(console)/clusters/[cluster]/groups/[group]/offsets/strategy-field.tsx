"use client"

import { useQueryStates } from "nuqs"
import { fromLocal, toLocal } from "#app/ui/format.ts"
import { Duration } from "./duration.tsx"
import { Labelled, NumberField } from "./fields.tsx"
import { resetParams, type Target } from "./search-params.ts"
import { PositionsFile, Snapshots } from "./sources.tsx"

const WORDS: Record<Target, string> = {
  time: "a date and time",
  back: "back by a duration",
  earliest: "the earliest message",
  latest: "the end",
  offset: "an offset",
  shift: "shift by N messages",
  group: "same as another group",
  snapshot: "an earlier snapshot",
  csv: "the positions of a file (CSV)",
  forget: "delete committed offsets",
}

interface Props {
  cluster: string
  group: string
  csv: string
  setCsv: (text: string) => void
}

/** Where it shall stand. */
export function StrategyField(props: Props) {
  const [asked, set] = useQueryStates(resetParams)
  return (
    <fieldset className="plain stack">
      <legend className="strong">2 Where</legend>
      <div className="row">
        <select
          className="field"
          aria-label="Move to"
          value={asked.to}
          onChange={(event) => void set({ to: event.target.value as Target })}
        >
          {Object.entries(WORDS).map(([value, words]) => (
            <option key={value} value={value}>
              {words}
            </option>
          ))}
        </select>
        <Details {...props} />
      </div>
    </fieldset>
  )
}

function Details(props: Props) {
  const [asked, set] = useQueryStates(resetParams)
  switch (asked.to) {
    case "time":
      return (
        <Labelled
          text="first message at or after"
          help={asked.at ? `${asked.at} (UTC)` : "in your time zone"}
        >
          <input
            className="field"
            type="datetime-local"
            step={1}
            aria-label="Date and time"
            value={toLocal(asked.at)}
            onChange={(event) => void set({ at: fromLocal(event.target.value) })}
          />
        </Labelled>
      )
    case "back":
      return <Duration ms={asked.back} setMs={(back) => void set({ back })} />
    case "offset":
      return (
        <NumberField
          label="Offset"
          value={asked.offset}
          min={0}
          onChange={(offset) => void set({ offset })}
        />
      )
    case "shift":
      return (
        <Labelled text="" help="below zero: back, to be read again">
          <NumberField label="Messages" value={asked.by} onChange={(by) => void set({ by })} />
        </Labelled>
      )
    case "group":
      return (
        <input
          className="field"
          aria-label="Other group"
          placeholder="name of the group"
          value={asked.other}
          onChange={(event) => void set({ other: event.target.value })}
        />
      )
    case "snapshot":
      return <Snapshots {...props} />
    case "csv":
      return <PositionsFile {...props} />
    default:
      return null
  }
}
