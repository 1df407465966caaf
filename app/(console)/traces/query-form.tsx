"use client"

import { useQueryStates } from "nuqs"
import { useState } from "react"
import { Select } from "#app/ui/select.tsx"
import { tracesParams } from "./search-params.ts"

const EXAMPLE = '{ resource.service.name = "orders" && duration > 500ms }'

/** The query for spans: it is searched for when it is sent, not at every key. */
export function QueryForm() {
  const [{ q, order }, set] = useQueryStates(tracesParams, { history: "push" })
  const [text, setText] = useState(q ?? "")
  const [known, setKnown] = useState(q)
  if (known !== q) {
    setKnown(q)
    setText(q ?? "")
  }
  return (
    <form
      className="row tools"
      aria-label="Search spans"
      onSubmit={(event) => {
        event.preventDefault()
        void set({ q: text.trim() || "{ }" })
      }}
    >
      <input
        className="field mono grow"
        type="search"
        aria-label="Query"
        placeholder={EXAMPLE}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <Select
        label="Order"
        value={order}
        options={[
          { value: "newest", label: "newest first" },
          { value: "slowest", label: "slowest first" },
        ]}
        onChange={(next) => void set({ order: next })}
      />
      <button type="submit" className="field act">
        Search
      </button>
      {q !== null && (
        <button type="button" className="field" onClick={() => void set({ q: null, order: null })}>
          Clear
        </button>
      )}
    </form>
  )
}
