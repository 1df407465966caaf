"use client"

import { useQuery } from "@tanstack/react-query"
import { useQueryStates } from "nuqs"
import type { ReactNode } from "react"
import { useTRPC } from "../../../../../../trpc/client.tsx"
import { moment } from "../../../../../../ui/format.ts"
import { fromLocal, toLocal } from "./asked.ts"
import { Duration } from "./duration.tsx"
import { resetParams, type Target } from "./search-params.ts"

const WORDS: Record<Target, string> = {
  time: "a date and time",
  back: "back by a duration",
  earliest: "the earliest message",
  latest: "the end",
  offset: "an offset",
  shift: "on or back by messages",
  group: "where another group stands",
  snapshot: "an earlier snapshot",
  csv: "the positions of a file (CSV)",
  forget: "nowhere: delete its offsets",
}

interface Props {
  cluster: string
  group: string
  csv: string
  setCsv: (text: string) => void
}

/** Where it shall stand. */
export function Where(props: Props) {
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
      return <File {...props} />
    default:
      return null
  }
}

function Labelled(props: { text: string; help: string; children: ReactNode }) {
  return (
    <span className="row tight">
      {props.text && <span>{props.text}</span>}
      {props.children}
      <span className="quiet help">{props.help}</span>
    </span>
  )
}

function NumberField(props: {
  label: string
  value: number | null
  min?: number
  onChange: (value: number | null) => void
}) {
  return (
    <input
      className="field num"
      type="number"
      step={1}
      min={props.min}
      aria-label={props.label}
      placeholder={props.label.toLowerCase()}
      value={props.value ?? ""}
      onChange={(event) =>
        props.onChange(event.target.value === "" ? null : Math.trunc(Number(event.target.value)))
      }
    />
  )
}

function Snapshots(props: Props) {
  const trpc = useTRPC()
  const [{ snapshot }, set] = useQueryStates(resetParams)
  const resets = useQuery(trpc.offsets.resets.queryOptions({ cluster: props.cluster, group: props.group }))
  const kept = (resets.data ?? []).filter((one) => one.snapshot !== null)
  if (kept.length === 0)
    return <span className="quiet">There is none yet: one is kept before every reset that is applied.</span>
  return (
    <select
      className="field"
      aria-label="Snapshot"
      value={snapshot ?? ""}
      onChange={(event) => void set({ snapshot: event.target.value || null })}
    >
      <option value="">choose</option>
      {kept.map((one) => (
        <option key={one.id} value={one.snapshot ?? ""}>
          {moment(one.appliedAt ?? one.createdAt)}, before: {one.what}
        </option>
      ))}
    </select>
  )
}

function File(props: Props) {
  return (
    <span className="stack grow">
      <input
        type="file"
        accept=".csv,text/csv,text/plain"
        aria-label="CSV file"
        onChange={(event) => void event.target.files?.[0]?.text().then(props.setCsv)}
      />
      <textarea
        className="field mono"
        rows={4}
        aria-label="Positions"
        placeholder="topic,partition,offset"
        value={props.csv}
        onChange={(event) => props.setCsv(event.target.value)}
      />
    </span>
  )
}
