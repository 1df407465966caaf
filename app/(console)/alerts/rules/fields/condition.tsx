"use client"

import { useId } from "react"
import { Choice, TextField } from "#app/ui/form-field.tsx"
import { Select } from "#app/ui/select.tsx"
import { type Draft, EXAMPLES, type Signal, withSignal } from "../draft.ts"
import { type Fields, problemOf } from "./fields.ts"

const SUBJECTS: Record<Signal["subject"], string> = {
  cluster: "Clusters",
  node: "Brokers",
  destination: "Topics",
  group: "Consumer groups",
  failure: "Failure groups",
  channel: "Channels",
  service: "Services",
  signalbox: "Signalbox itself",
}
const OPERATORS = { ">": "is above", ">=": "is at least", "<": "is below", "<=": "is at most" } as const
const SEVERITIES = { critical: "critical", warning: "warning", info: "info" } as const
const MISSING = { keep: "keeps the state", alert: "counts as a problem", resolve: "counts as fine" } as const

/** Its name, what is watched, and when that is worth an alert. */
export function ConditionFields({
  draft,
  signal,
  problems,
  set,
  signals,
}: Fields & { signals: readonly Signal[] }) {
  const problem = (field: string) => problemOf(problems, field)
  return (
    <>
      <TextField
        label="Name"
        value={draft.name}
        onChange={(name) => set({ name })}
        problem={problem("name")}
      />
      <SignalChoice
        signals={signals}
        chosen={signal}
        choose={(next) => set(withSignal(draft, signal, next))}
      />
      <Condition {...{ draft, signal, problems, set }} />
      <div className="field-pair">
        <TextField
          label="For"
          mono
          value={draft.forMs}
          onChange={(forMs) => set({ forMs })}
          problem={problem("forMs")}
          help="How long it must hold before it fires."
        />
        <TextField
          label="Keep firing for"
          mono
          value={draft.keepFiringForMs}
          onChange={(keepFiringForMs) => set({ keepFiringForMs })}
          problem={problem("keepFiringForMs")}
          help="How long it must be over before it is resolved."
        />
        <Choice
          label="Severity"
          value={draft.severity}
          of={SEVERITIES}
          onChange={(severity) => set({ severity })}
        />
        <Choice
          label="Missing data"
          value={draft.missing}
          of={MISSING}
          onChange={(missing) => set({ missing })}
        />
      </div>
    </>
  )
}

function SignalChoice(props: {
  signals: readonly Signal[]
  chosen: Signal | undefined
  choose: (signal: Signal) => void
}) {
  const id = useId()
  const { signals, chosen, choose } = props
  return (
    <div className="form-field">
      <label htmlFor={id}>Signal</label>
      <Select
        id={id}
        value={chosen?.id ?? ""}
        describedBy={`${id}-help`}
        options={signals.map(({ id: value, label, subject }) => ({ value, label, group: SUBJECTS[subject] }))}
        onChange={(value) => {
          const next = signals.find((one) => one.id === value)
          if (next) choose(next)
        }}
      />
      {chosen && (
        <p id={`${id}-help`} className="quiet note">
          {chosen.help} Applies to: {SUBJECTS[chosen.subject].toLowerCase()}
          {chosen.unit !== "word" && chosen.unit !== "count" && `; in ${UNIT_NAMES[chosen.unit]}`}.
        </p>
      )}
    </div>
  )
}

const UNIT_NAMES = {
  messages: "messages",
  "messages/s": "messages per second",
  ms: "time",
  ratio: "percent",
  bytes: "bytes",
  deviations: "deviations",
  times: "times",
} as const

function Condition({ draft, signal, problems, set }: Fields) {
  if (signal?.unit === "word") return <Words {...{ draft, problems, set }} words={signal.words} />
  const unit = signal?.unit ?? "count"
  return (
    <div className="field-pair">
      <Choice label="Fires when it" value={draft.op} of={OPERATORS} onChange={(op) => set({ op })} />
      <TextField
        label="Threshold"
        mono
        value={draft.threshold}
        onChange={(threshold) => set({ threshold })}
        problem={problemOf(problems, "condition.threshold") ?? problemOf(problems, "condition.op")}
        help={EXAMPLES[unit].replace(/^./, (letter) => letter.toUpperCase())}
      />
      <TextField
        label="Clears at"
        mono
        hint="same as threshold"
        value={draft.clear}
        onChange={(clear) => set({ clear })}
        problem={problemOf(problems, "condition.clear")}
        help="Empty: as soon as the threshold no longer holds."
      />
    </div>
  )
}

function Words(props: Pick<Fields, "problems" | "set"> & { draft: Draft; words: readonly string[] }) {
  const { draft, words, problems, set } = props
  const problem = problemOf(problems, "condition")
  return (
    <fieldset className="plain form-field">
      <legend className="strong">Fires when it is</legend>
      <div className="row">
        {words.map((word) => (
          <label key={word} className="row check">
            <input
              type="checkbox"
              checked={draft.values.includes(word)}
              onChange={({ target }) =>
                set({
                  values: target.checked
                    ? [...draft.values, word]
                    : draft.values.filter((one) => one !== word),
                })
              }
            />
            {word}
          </label>
        ))}
      </div>
      {problem && <p className="bad note">{problem}</p>}
    </fieldset>
  )
}
