"use client"

import { useQueryStates } from "nuqs"
import { DateTime } from "#app/ui/date-time.tsx"
import { Problem } from "#app/ui/problem.tsx"
import { optionsOf, Select } from "#app/ui/select.tsx"
import { STRATEGY_WORDS } from "#server/offsets/strategy-words.ts"
import { Duration } from "./duration.tsx"
import { Labelled, NumberField } from "./fields.tsx"
import { resetParams } from "./search-params.ts"
import { PositionsFile, Snapshots } from "./sources.tsx"

interface Props {
  cluster: string
  group: string
  csv: string
  setCsv: (text: string) => void
  /** What is missing; null: nothing, or it was not asked for yet. */
  problem: string | null
}

/** Where it shall stand. */
export function StrategyField(props: Props) {
  const [asked, set] = useQueryStates(resetParams)
  return (
    <fieldset className="plain stack">
      <legend className="strong">2 Where</legend>
      <div className="row">
        <Select
          label="Move to"
          value={asked.to}
          options={optionsOf(STRATEGY_WORDS)}
          onChange={(to) => void set({ to })}
        />
        <Details {...props} />
      </div>
      <Problem of={props.problem} />
    </fieldset>
  )
}

function Details(props: Props) {
  const [asked, set] = useQueryStates(resetParams)
  const isWrong = props.problem !== null
  switch (asked.to) {
    case "time":
      return (
        <Labelled
          text="first message at or after"
          help={asked.at ? `${asked.at} (UTC)` : "in your time zone"}
        >
          <DateTime
            label="Date and time"
            at={asked.at ?? ""}
            isWrong={isWrong}
            onChange={(at) => void set({ at: at || null })}
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
          isWrong={isWrong}
          onChange={(offset) => void set({ offset })}
        />
      )
    case "shift":
      return (
        <Labelled text="" help="below zero: back, to be read again">
          <NumberField
            label="Messages"
            value={asked.by}
            isWrong={isWrong}
            onChange={(by) => void set({ by })}
          />
        </Labelled>
      )
    case "group":
      return (
        <input
          className="field"
          aria-label="Other group"
          aria-invalid={isWrong || undefined}
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
