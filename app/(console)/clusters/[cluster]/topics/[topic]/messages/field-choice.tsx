"use client"

import { IconColumns3 } from "@tabler/icons-react"
import { useState } from "react"
import { Popover } from "#app/ui/popover.tsx"
import type { ShownMessage } from "#server/messages/index.ts"
import { fieldsOf } from "./fields.ts"
import { useMessageState } from "./state.ts"

/** Which fields of JSON values have columns of their own; kept in the address. */
export function FieldChoice({ rows }: { rows: readonly ShownMessage[] }) {
  const [{ cols }, set] = useMessageState()
  const [filter, setFilter] = useState("")
  const offered = fieldsOf(rows.filter(isJson).map(({ value }) => value.text))
  if (offered.length === 0 && cols.length === 0) return null
  const all = [...cols, ...offered.filter((field) => !cols.includes(field))]
  const shown = all.filter((field) => field.toLowerCase().includes(filter.toLowerCase()))
  const choose = (field: string, on: boolean) => {
    const next = on ? [...cols, field] : cols.filter((one) => one !== field)
    void set({ cols: next.length > 0 ? next : null })
  }
  return (
    <div className="row tools">
      <span className="grow" />
      <Popover
        label="Columns"
        named
        summary={
          <>
            <IconColumns3 size={14} aria-hidden="true" /> Columns{cols.length > 0 && ` (${cols.length})`}
          </>
        }
      >
        <input
          type="search"
          className="field"
          aria-label="Filter fields"
          placeholder="Fields of the JSON values"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <fieldset className="plain stack-tight fields">
          <legend className="unseen">Fields as columns</legend>
          {shown.map((field) => (
            <label key={field} className="row check">
              <input
                type="checkbox"
                checked={cols.includes(field)}
                onChange={(event) => choose(field, event.target.checked)}
              />
              <span className="mono wrap">{field}</span>
            </label>
          ))}
        </fieldset>
      </Popover>
    </div>
  )
}

function isJson({ value }: ShownMessage): boolean {
  return value.kind === "data" && /^\s*[{[]/.test(value.text)
}
