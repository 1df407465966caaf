"use client"

import { useQueryStates } from "nuqs"
import { type ReactNode, useId } from "react"
import { newTopicParams } from "./search-params.ts"

/** What one can say of a destination that is to be made; only the name must be. */
export function Fields() {
  const [state, set] = useQueryStates(newTopicParams, { history: "replace" })
  return (
    <>
      <Labelled label="Name">
        {(id) => (
          <input
            id={id}
            className="field"
            value={state.name}
            autoComplete="off"
            maxLength={249}
            onChange={(event) => void set({ name: event.target.value || null })}
          />
        )}
      </Labelled>
      <Labelled
        label="Partitions"
        help="Leave empty for the cluster default. Partitions can be added later but not removed."
      >
        {(id) => (
          <Amount id={id} value={state.partitions} onChange={(partitions) => void set({ partitions })} />
        )}
      </Labelled>
      <Labelled
        label="Replicas"
        help="Copies of each message, on as many brokers. Empty: the cluster's default."
      >
        {(id) => <Amount id={id} value={state.replicas} onChange={(replicas) => void set({ replicas })} />}
      </Labelled>
      <Labelled
        label="Settings"
        help="One per line: name=value, for example retention.ms=86400000. All others keep the cluster's defaults."
      >
        {(id) => (
          <textarea
            id={id}
            className="field mono"
            rows={4}
            value={state.settings.join("\n")}
            aria-describedby={`${id}-help`}
            onChange={(event) => {
              const lines = event.target.value.split("\n")
              void set({ settings: event.target.value === "" ? null : lines })
            }}
          />
        )}
      </Labelled>
    </>
  )
}

function Labelled(props: { label: string; help?: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className="form-field">
      <label htmlFor={id}>{props.label}</label>
      {props.children(id)}
      {props.help && (
        <span id={`${id}-help`} className="quiet help">
          {props.help}
        </span>
      )}
    </div>
  )
}

interface AmountProps {
  id: string
  value: number | null
  onChange: (value: number | null) => void
}

function Amount({ id, value, onChange }: AmountProps) {
  return (
    <input
      id={id}
      type="number"
      min={1}
      className="field"
      placeholder="default"
      value={value ?? ""}
      aria-describedby={`${id}-help`}
      onChange={(event) => onChange(event.target.valueAsNumber || null)}
    />
  )
}
