"use client"

import { useId } from "react"
import type { LetterView } from "#server/failures/views.ts"
import { Diff } from "../../../../ui/diff.tsx"
import type { Draft } from "./order.ts"

const MOST_ROWS = 24

interface Props {
  view: LetterView
  draft: Draft
  change: (part: Partial<Draft>) => void
}

/** The value to be edited, with what is wrong with it and what was changed; key and headers on demand. */
export function Editor({ view, draft, change }: Props) {
  const id = useId()
  const shown = view.dead?.value
  if (!shown || shown.kind === "binary" || shown.cut)
    return <p className="quiet">This value cannot be edited here: {why(shown)}. It is sent as it is.</p>
  const value = draft.value ?? shown.text
  const wrong = shown.kind === "json" ? problemOf(value) : null
  return (
    <div className="form-field">
      <label htmlFor={id}>Value</label>
      <textarea
        id={id}
        className="field mono"
        rows={Math.min(MOST_ROWS, value.split("\n").length + 1)}
        spellCheck={false}
        aria-invalid={wrong !== null}
        aria-describedby={`${id}-says`}
        value={value}
        onChange={(event) => change({ value: event.target.value === shown.text ? null : event.target.value })}
      />
      <div id={`${id}-says`} aria-live="polite">
        {wrong ? (
          <p className="bad">{wrong}</p>
        ) : draft.value === null ? (
          <p className="quiet">
            It is sent as it is. Change it here: the same change can then be made to all the others.
          </p>
        ) : (
          <Diff before={shown.text} after={value} label="What was changed in the value" />
        )}
      </div>
      {draft.value !== null && (
        <div className="row">
          <button type="button" className="field" onClick={() => change({ value: null })}>
            As it was
          </button>
        </div>
      )}
      <KeyAndHeaders view={view} draft={draft} change={change} />
    </div>
  )
}

function KeyAndHeaders({ view, draft, change }: Props) {
  const key = view.dead?.key
  return (
    <details>
      <summary>Key and headers</summary>
      <div className="form">
        <label className="form-field">
          <span>Key</span>
          <input
            className="field mono"
            disabled={key?.kind === "binary"}
            value={draft.key ?? key?.text ?? ""}
            onChange={(event) => change({ key: event.target.value })}
          />
        </label>
        <label className="form-field">
          <span>Set headers, one a line: name: value</span>
          <textarea
            className="field mono"
            rows={2}
            value={draft.set}
            onChange={(event) => change({ set: event.target.value })}
          />
        </label>
        <label className="form-field">
          <span>Remove headers, one name a line</span>
          <textarea
            className="field mono"
            rows={2}
            value={draft.remove}
            onChange={(event) => change({ remove: event.target.value })}
          />
        </label>
        <p className="quiet">
          The headers of the dead letter&apos;s dialect are taken off by themselves, and signalbox-replay is
          added.
        </p>
      </div>
    </details>
  )
}

function why(shown: { kind: string; cut: boolean } | undefined): string {
  if (!shown) return "the broker does not have it any more"
  return shown.cut ? "it is too large" : "it is no text"
}

function problemOf(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return `This is no valid JSON: ${error instanceof Error ? error.message : String(error)}`
  }
}
