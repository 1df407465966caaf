"use client"

import { TextField } from "#app/ui/form-field.tsx"
import { type Fields, problemOf } from "./fields.ts"

/** What an alert says, and to whom it belongs. `preview`: its message as it would be. */
export function MessageFields({
  draft,
  signal,
  problems,
  set,
  preview,
}: Fields & { preview: string | null }) {
  const problem = (field: string) => problemOf(problems, field)
  const names = ["cluster", ...(signal?.labels ?? []), "value", "threshold"].map((name) => `{{ ${name} }}`)
  return (
    <>
      <h2>Notification</h2>
      <TextField
        label="Message"
        mono
        rows={3}
        hint={signal?.sentence ?? ""}
        value={draft.message}
        onChange={(message) => set({ message })}
        problem={problem("message")}
        help={`A Liquid template; empty: the sentence of the signal. It may use ${names.join(", ")} and the labels below.`}
      />
      {preview !== null && (
        <p className="rule-preview wrap">
          <span className="quiet">Would say: </span>
          {preview}
        </p>
      )}
      <TextField
        label="Advice"
        rows={2}
        value={draft.advice}
        onChange={(advice) => set({ advice })}
        problem={problem("advice")}
        help="Why it matters and what to do, for whoever is woken by it."
      />
      <TextField
        label="Runbook"
        hint="https://wiki.example.com/runbooks/lag"
        value={draft.runbook}
        onChange={(runbook) => set({ runbook })}
        problem={problem("runbook")}
      />
      <div className="field-pair">
        <TextField
          label="Owner"
          value={draft.owner}
          onChange={(owner) => set({ owner })}
          problem={problem("owner")}
        />
        <TextField
          label="Labels"
          mono
          rows={2}
          hint="team=checkout"
          value={draft.labels}
          onChange={(labels) => set({ labels })}
          problem={problem("labels")}
          help="One a line; routes and silences choose by them."
        />
      </div>
    </>
  )
}
