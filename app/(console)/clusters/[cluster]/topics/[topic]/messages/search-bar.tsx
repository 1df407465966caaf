"use client"

import { useMutation, useQuery } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { DateTime } from "#app/ui/date-time.tsx"
import { bytes, count, duration } from "#app/ui/format.ts"
import { Select } from "#app/ui/select.tsx"
import { FINDS } from "./search-params.ts"
import { type Place, questionOf, useMessageState } from "./state.ts"

const WORDS = {
  contains: { name: "contains", hint: "order-881" },
  pattern: { name: "matches pattern", hint: "order-8\\d+ (RE2)" },
  expression: { name: "matches expression", hint: "@.value.amount > 900 && @.key == 'k7'" },
}

/** What is looked for; says what there is to read before it starts. */
export function SearchBar({ place }: { place: Place }) {
  const trpc = useTRPC()
  const [state, set] = useMessageState()
  const [text, setText] = useState(state.q)
  const refused = useRefusal("message.search", place.cluster)
  const start = useMutation(
    trpc.messages.search.mutationOptions({ onSuccess: ({ id }) => void set({ job: id, msg: null }) }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void set({ q: text })
    start.mutate({ ...place, question: questionOf({ ...state, q: text }) })
  }
  return (
    <form className="row" onSubmit={submit} aria-label="Search messages">
      <Select
        label="Search for messages whose key, value or headers"
        value={state.find}
        options={FINDS.map((value) => ({ value, label: WORDS[value].name }))}
        onChange={(find) => void set({ find })}
      />
      <input
        type="text"
        className="field grow mono"
        aria-label="Search for"
        placeholder={WORDS[state.find].hint}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <span className="row tight">
        <span className="quiet" aria-hidden="true">
          until
        </span>
        <DateTime label="Until" at={state.until} onChange={(until) => void set({ until })} />
      </span>
      <button
        type="submit"
        className="field act"
        disabled={refused !== null || text === "" || start.isPending}
        title={refused ?? undefined}
      >
        {start.isPending ? "Starting …" : "Search"}
      </button>
      {refused ? <span className="quiet">{refused}</span> : text !== "" && <Estimate place={place} />}
      {start.error && (
        <p className="bad flat whole-line" role="alert">
          {start.error.message}
        </p>
      )}
    </form>
  )
}

/** Does not depend on what is looked for, only on where. */
function Estimate({ place }: { place: Place }) {
  const trpc = useTRPC()
  const [state] = useMessageState()
  const question = { ...questionOf(state), match: { kind: "contains" as const, text: "-" } }
  const { data, error } = useQuery(
    trpc.messages.estimate.queryOptions({ ...place, question }, { staleTime: 30_000 }),
  )
  if (error) return <span className="warn">{error.message}</span>
  if (!data) return <span className="quiet">counting …</span>
  const size = data.bytes === null ? "" : `, ${bytes(data.bytes)}`
  return (
    <span className="quiet">
      {count(data.records)} records{size}, about {duration(Math.ceil(data.ms / 1000) * 1000)}
      {data.unread.length > 0 && <span className="warn"> · {data.unread.join(" ")}</span>}
    </span>
  )
}
