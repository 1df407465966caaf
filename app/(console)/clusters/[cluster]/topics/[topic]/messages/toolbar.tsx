"use client"

import { IconAdjustmentsHorizontal, IconBroadcast } from "@tabler/icons-react"
import { useMutation, useQuery } from "@tanstack/react-query"
import { type FormEvent, type ReactNode, useId, useState } from "react"
import { useRefusal } from "#app/access/me.tsx"
import { useTRPC } from "#app/trpc/client.tsx"
import { Button } from "#app/ui/button.tsx"
import { DateTime } from "#app/ui/date-time.tsx"
import { bytes, count, duration } from "#app/ui/format.ts"
import { Search } from "#app/ui/search.tsx"
import { Select } from "#app/ui/select.tsx"
import { FormatChoice } from "./format-choice.tsx"
import { FINDS, STARTS } from "./search-params.ts"
import { Searches } from "./searches.tsx"
import { type Place, questionOf, useMessageState } from "./state.ts"

const STARTS_AT: Record<(typeof STARTS)[number], string> = {
  newest: "Newest first",
  oldest: "From the oldest",
  offset: "From an offset",
  time: "From a time",
  group: "From a group's offsets",
  live: "From now on",
}

const AT = { offset: "Offset", group: "Consumer group" } as const

const FINDS_BY = {
  contains: { name: "contains", hint: "order-881" },
  pattern: { name: "matches pattern", hint: "order-8\\d+ (RE2)" },
  expression: { name: "matches expression", hint: "@.value.amount > 900 && @.key == 'k7'" },
}

/** Where reading begins, live or not, and what is looked for, in one line; partitions, formats and an end on demand. */
export function Toolbar({ place, children }: { place: Place; children?: ReactNode }) {
  const trpc = useTRPC()
  const [state, set] = useMessageState()
  const [text, setText] = useState(state.q)
  const isNarrowed = state.parts !== "" || state.until !== "" || state.kf !== "" || state.vf !== ""
  const [more, setMore] = useState(isNarrowed)
  const id = useId()
  const isLive = state.start === "live"
  const refused = useRefusal("message.search", place.cluster)
  const start = useMutation(
    trpc.messages.search.mutationOptions({ onSuccess: ({ id: job }) => void set({ job, msg: null }) }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // Nothing to look for: all messages are shown again.
    void set(text === "" ? { q: null, job: null } : { q: text })
    if (!isLive && text !== "") start.mutate({ ...place, question: questionOf({ ...state, q: text }) })
  }
  return (
    <section className="panel stack-tight" aria-label="What to read">
      <form className="row tight toolbar" onSubmit={submit} aria-label="Search messages">
        <Begin />
        <button
          type="button"
          className="field live-mode"
          aria-pressed={isLive}
          title="Shows messages as they arrive"
          onClick={() => void set({ start: isLive ? null : "live", at: null, job: null })}
        >
          <IconBroadcast size={14} aria-hidden="true" /> Live
        </button>
        <span className="joined grow">
          <Select
            label="Search for messages whose key, value or headers"
            value={state.find}
            options={FINDS.map((value) => ({ value, label: FINDS_BY[value].name }))}
            onChange={(find) => void set({ find })}
          />
          <input
            type="text"
            className="field grow mono"
            aria-label="Search for"
            placeholder={FINDS_BY[state.find].hint}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </span>
        <Button type="submit" className="field act" refusal={isLive ? null : refused} busy={start.isPending}>
          {isLive ? "Filter" : start.isPending ? "Starting…" : "Search"}
        </Button>
        <button
          type="button"
          className="field"
          aria-expanded={more}
          aria-controls={id}
          onClick={() => setMore(!more)}
        >
          <IconAdjustmentsHorizontal size={14} aria-hidden="true" /> Options
        </button>
        <Searches place={place} />
        {children}
      </form>
      {more && (
        <div className="row" id={id}>
          <Search
            label="Partitions: all, or 0,3"
            value={state.parts}
            onChange={(parts) => void set({ parts })}
          />
          <FormatChoice place={place} which="kf" label="Key" />
          <FormatChoice place={place} which="vf" label="Value" />
          <span className="row tight">
            <span className="quiet" aria-hidden="true">
              search until
            </span>
            <DateTime label="Until" at={state.until} onChange={(until) => void set({ until })} />
          </span>
        </div>
      )}
      {!isLive && refused && <p className="quiet flat">{refused}</p>}
      {!isLive && !refused && text !== "" && <Estimate place={place} />}
      {start.error && (
        <p className="bad flat" role="alert">
          {start.error.message}
        </p>
      )}
    </section>
  )
}

/** Live is a mode of its own beside it. */
function Begin() {
  const [state, set] = useMessageState()
  return (
    <>
      <Select
        label="Read"
        value={state.start}
        options={STARTS.filter((start) => start !== "live" || state.start === "live").map((value) => ({
          value,
          label: STARTS_AT[value],
        }))}
        onChange={(start) => void set({ start, at: null, job: null })}
      />
      {(state.start === "offset" || state.start === "group") && (
        <Search label={AT[state.start]} value={state.at} onChange={(at) => void set({ at })} />
      )}
      {state.start === "time" && <DateTime label="Time" at={state.at} onChange={(at) => void set({ at })} />}
    </>
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
  if (error) return <p className="warn flat">{error.message}</p>
  if (!data) return <p className="quiet flat note">Counting…</p>
  const size = data.bytes === null ? "" : `, ${bytes(data.bytes)}`
  return (
    <p className="quiet flat note">
      {count(data.records)} records{size}, about {duration(Math.ceil(data.ms / 1000) * 1000)}
      {data.unread.length > 0 && <span className="warn"> · {data.unread.join(" ")}</span>}
    </p>
  )
}
