"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { JsonEditor } from "#app/ui/editor/json-editor.tsx"
import { optionsOf, Select } from "#app/ui/select.tsx"
import { MutationError } from "#app/ui/states.tsx"
import { type Draft, type Field, messageOf } from "./draft.ts"
import { type Place, useMessageState } from "./state.ts"

interface Props {
  place: Place
  draft: Draft
  /** Where the edited message came from. */
  of: { partition: number; offset: string } | null
}

/** One message to be sent. */
export function SendForm(props: Props) {
  const trpc = useTRPC()
  const client = useQueryClient()
  const [, set] = useMessageState()
  const [draft, setDraft] = useState(props.draft)
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const refused = useRefusal("message.produce", props.place.cluster)
  const send = useMutation(
    trpc.messages.produce.mutationOptions({
      onSuccess: () => client.invalidateQueries({ queryKey: trpc.messages.browse.pathKey() }),
    }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send.mutate({ ...props.place, messages: [messageOf(draft)], resent: props.of })
  }
  const [sent] = send.data?.positions ?? []
  return (
    <form className="form" onSubmit={submit}>
      <FieldInput label="Key" field={draft.key} rows={1} onChange={(key) => change({ key })} />
      <FieldInput
        label="Value"
        field={draft.value}
        before={props.of ? props.draft.value : null}
        onChange={(value) => change({ value })}
      />
      <Headers draft={draft} change={change} />
      <label className="row tight">
        Partition
        <input
          className="field"
          inputMode="numeric"
          placeholder="chosen by key"
          value={draft.partition}
          onChange={(event) => change({ partition: event.target.value })}
        />
      </label>
      <div className="row">
        <button
          type="submit"
          className="field act"
          disabled={refused !== null || send.isPending}
          title={refused ?? undefined}
        >
          {send.isPending ? "Sending …" : "Send"}
        </button>
        {refused && <span className="quiet">{refused}</span>}
        <MutationError of={send} inline />
        {sent && (
          <span className="good" role="status">
            Sent to partition {sent.partition} at offset{" "}
            <button
              type="button"
              className="link"
              onClick={() => void set({ msg: `${sent.partition}/${sent.offset}` })}
            >
              {sent.offset}
            </button>
          </span>
        )}
      </div>
    </form>
  )
}

function Headers({ draft, change }: { draft: Draft; change: (part: Partial<Draft>) => void }) {
  const put = (id: number, part: Partial<Draft["headers"][number]>) =>
    change({ headers: draft.headers.map((one) => (one.id === id ? { ...one, ...part } : one)) })
  const add = () => {
    const id = Math.max(-1, ...draft.headers.map((one) => one.id)) + 1
    change({ headers: [...draft.headers, { id, name: "", value: { kind: "text", text: "" } }] })
  }
  return (
    <fieldset className="plain">
      <legend className="strong">Headers</legend>
      {draft.headers.map(({ id, name, value }) => (
        <div key={id} className="row after">
          <input
            className="field mono"
            aria-label="Name of the header"
            value={name}
            onChange={(event) => put(id, { name: event.target.value })}
          />
          <input
            className="field mono grow"
            aria-label={`Value of the header ${name}`}
            value={value.text}
            onChange={(event) => put(id, { value: { ...value, text: event.target.value } })}
          />
          <button
            type="button"
            className="field"
            aria-label={`Remove the header ${name}`}
            onClick={() => change({ headers: draft.headers.filter((one) => one.id !== id) })}
          >
            Remove
          </button>
        </div>
      ))}
      <button type="button" className="field note" onClick={add}>
        Add a header
      </button>
    </fieldset>
  )
}

interface InputProps {
  label: string
  field: Field
  /** A plain field of so many lines; absent: one for a text of any length. */
  rows?: number
  /** What it was before it was edited. */
  before?: Field | null
  onChange: (field: Field) => void
}

const KINDS = { text: "text", base64: "bytes (base64)", null: "none (null)" }

function FieldInput({ label, field, rows, before, onChange }: InputProps) {
  return (
    <div className="form-field">
      <div className="row">
        <span className="strong">{label}</span>
        <Select
          label={`${label} as`}
          value={field.kind}
          options={optionsOf(KINDS)}
          onChange={(kind) => onChange({ ...field, kind })}
        />
      </div>
      {rows === undefined && field.kind !== "null" ? (
        <JsonEditor
          label={label}
          json={field.kind === "text" && /^\s*[[{]/.test(field.text)}
          value={field.text}
          before={before?.kind === field.kind ? before.text : undefined}
          onChange={(text) => onChange({ ...field, text })}
        />
      ) : (
        <textarea
          aria-label={label}
          className="field mono"
          rows={rows ?? 1}
          spellCheck={false}
          disabled={field.kind === "null"}
          value={field.kind === "null" ? "" : field.text}
          onChange={(event) => onChange({ ...field, text: event.target.value })}
        />
      )}
    </div>
  )
}
