"use client"

import { TextField } from "#app/ui/form-field.tsx"
import { MatchersField } from "./matchers-field.tsx"
import { type InhibitionDraft, newId } from "./routes.ts"

interface Props {
  drafts: readonly InhibitionDraft[]
  change: (drafts: InhibitionDraft[]) => void
}

/** Which alerts are explained by others, so that one incident is one notification. */
export function Inhibitions({ drafts, change }: Props) {
  const edit = (id: string, part: Partial<InhibitionDraft>) =>
    change(drafts.map((one) => (one.id === id ? { ...one, ...part } : one)))
  const add = () =>
    change([
      ...drafts,
      {
        id: newId(),
        source: "signal=broker-offline",
        target: "signal=group-status",
        equal: "cluster",
      },
    ])
  return (
    <section className="column" aria-label="What explains what">
      <h3>What explains what</h3>
      <p className="quiet note">
        While an alert fires that matches the cause, no one is notified of alerts that it explains: those that
        match and have the same values in the labels named.
      </p>
      <ol className="routes">
        {drafts.map((draft, index) => (
          <li key={draft.id}>
            <fieldset className="plain">
              <legend className="unseen">Explanation {index + 1}</legend>
              <div className="inhibition">
                <MatchersField
                  label="Cause"
                  hint="signal=broker-offline"
                  value={draft.source}
                  onChange={(source) => edit(draft.id, { source })}
                />
                <MatchersField
                  label="Explains"
                  hint="signal=under-*"
                  value={draft.target}
                  onChange={(target) => edit(draft.id, { target })}
                />
                <TextField
                  label="With the same"
                  hint="cluster"
                  mono
                  value={draft.equal}
                  onChange={(equal) => edit(draft.id, { equal })}
                />
                <button
                  type="button"
                  className="field danger"
                  aria-label={`Remove explanation ${index + 1}`}
                  onClick={() => change(drafts.filter((one) => one.id !== draft.id))}
                >
                  Remove
                </button>
              </div>
            </fieldset>
          </li>
        ))}
      </ol>
      <div className="row">
        <button type="button" className="field" onClick={add}>
          Add an explanation
        </button>
      </div>
    </section>
  )
}
