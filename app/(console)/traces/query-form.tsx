"use client"

import { useQueryStates } from "nuqs"
import { useState } from "react"
import { minutesOf } from "#app/(console)/services/minutes.ts"
import type { Range } from "#app/ui/range/range.ts"
import { Select } from "#app/ui/select.tsx"
import { ConfirmedField } from "./confirmed-field.tsx"
import { asQuery, type Filter, readFilter, writeFilter } from "./filter.ts"
import { FilterFields } from "./filter-fields.tsx"
import { QueryInput } from "./query-input.tsx"
import { tracesParams } from "./search-params.ts"

/** The query for spans, as text and as fields. Text is searched for when it is sent, a field as soon as it is set. */
export function QueryForm({ range }: { range: Range }) {
  const [{ q, text: words, order }, set] = useQueryStates(tracesParams, { history: "push" })
  const [text, setText] = useState(q ?? "")
  const [known, setKnown] = useState(q)
  if (known !== q) {
    setKnown(q)
    setText(q ?? "")
  }
  const within = minutesOf(range)
  const search = (query: string) => {
    setText(query)
    void set({ q: query })
  }
  return (
    <>
      <form
        className="row tools"
        aria-label="Search spans"
        onSubmit={(event) => {
          event.preventDefault()
          search(asQuery(text))
        }}
      >
        <QueryInput text={text} onChange={setText} within={within} />
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
          <button
            type="button"
            className="field"
            onClick={() => void set({ q: null, text: null, order: null })}
          >
            Clear
          </button>
        )}
      </form>
      <div className="row filter-fields">
        <FilterFields
          filter={readFilter(text)}
          onChange={(filter: Filter) => search(writeFilter(filter))}
          within={within}
        />
        <ConfirmedField
          label="Text anywhere"
          value={words}
          read={(typed) => typed.trim()}
          onChange={(typed) => void set({ text: typed || null, q: asQuery(text) })}
        />
      </div>
    </>
  )
}
