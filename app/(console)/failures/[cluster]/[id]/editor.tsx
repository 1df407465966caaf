"use client"

import { NAMES } from "#app/(console)/clusters/[cluster]/topics/[topic]/messages/part.tsx"
import { JsonEditor } from "#app/ui/editor/json-editor.tsx"
import { TextField } from "#app/ui/form-field.tsx"
import type { LetterView } from "#server/failures/index.ts"
import type { ShownPart } from "#server/messages/index.ts"
import { type Draft, headersProblem } from "./order.ts"

interface Props {
  view: LetterView
  draft: Draft
  change: (part: Partial<Draft>) => void
}

/** The value to be edited, with what is wrong with it and what was changed; key and headers on demand. */
export function Editor({ view, draft, change }: Props) {
  const shown = view.dead?.value
  if (!shown || !view.dead?.editable.value)
    return <p className="quiet">This value cannot be edited here: {why(shown)}. It is sent unchanged.</p>
  const value = draft.value ?? shown.text
  const json = shown.format === "json" || shown.format === "json-schema"
  return (
    <div className="form-field">
      <span className="row">
        <span className="strong grow">Value</span>
        {draft.value !== null && (
          <button type="button" className="field" onClick={() => change({ value: null })}>
            Reset
          </button>
        )}
      </span>
      <JsonEditor
        label="Value"
        json={json}
        value={value}
        before={shown.text}
        wrong={json ? problemOf(value) : null}
        onChange={(text) => change({ value: text === shown.text ? null : text })}
      />
      {draft.value === null && (
        <p className="quiet flat">
          Unchanged. Edit the value to fix it; you can apply the same fix to the others.
        </p>
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
            disabled={view.dead?.editable.key === false}
            value={draft.key ?? key?.text ?? ""}
            onChange={(event) => change({ key: event.target.value })}
          />
        </label>
        <TextField
          mono
          label="Set headers, one per line: name: value"
          rows={2}
          value={draft.set}
          onChange={(set) => change({ set })}
          problem={headersProblem(draft)}
        />
        <TextField
          mono
          label="Remove headers, one name per line"
          rows={2}
          value={draft.remove}
          onChange={(remove) => change({ remove })}
        />
        <p className="quiet">
          The headers of the dead letter&apos;s dialect are removed automatically, and signalbox-replay is
          added.
        </p>
      </div>
    </details>
  )
}

function why(shown: ShownPart | undefined): string {
  if (!shown) return "the broker has deleted it"
  if (shown.cut) return "it is too large"
  return shown.format === "hex" || shown.format === "text" ? "it is not text" : `it is ${NAMES[shown.format]}`
}

function problemOf(text: string): string | null {
  try {
    JSON.parse(text)
    return null
  } catch (error) {
    return `This is no valid JSON: ${error instanceof Error ? error.message : String(error)}`
  }
}
