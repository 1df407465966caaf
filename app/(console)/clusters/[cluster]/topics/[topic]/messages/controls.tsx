"use client"

import { useMutation } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { DateTime } from "#app/ui/date-time.tsx"
import { Search } from "#app/ui/search.tsx"
import { Select } from "#app/ui/select.tsx"
import { FORMATS } from "#server/messages/decode/format.ts"
import { NAMES } from "./part.tsx"
import { STARTS } from "./search-params.ts"
import { formatsOf, type Place, useMessageState } from "./state.ts"

const WORDS: Record<(typeof STARTS)[number], string> = {
  newest: "newest first",
  oldest: "from the oldest",
  offset: "from an offset",
  time: "from a time",
  group: "from a group's position",
  live: "live, as they arrive",
}

const AT = { offset: "Offset", group: "Consumer group" } as const

/** Where reading begins, in which partitions, and how keys and values are read. */
export function Controls({ place }: { place: Place }) {
  const [state, set] = useMessageState()
  return (
    <div className="row">
      <Select
        label="Read"
        value={state.start}
        options={STARTS.map((value) => ({ value, label: WORDS[value] }))}
        onChange={(start) => void set({ start, at: null, job: null })}
      />
      {(state.start === "offset" || state.start === "group") && (
        <Search label={AT[state.start]} value={state.at} onChange={(at) => void set({ at })} />
      )}
      {state.start === "time" && <DateTime label="Time" at={state.at} onChange={(at) => void set({ at })} />}
      <Search label="Partitions: all, or 0,3" value={state.parts} onChange={(parts) => void set({ parts })} />
      <FormatChoice place={place} which="kf" label="Key" />
      <FormatChoice place={place} which="vf" label="Value" />
    </div>
  )
}

/** A choice is in the address, and remembered for the topic. */
function FormatChoice(props: { place: Place; which: "kf" | "vf"; label: string }) {
  const trpc = useTRPC()
  const [state, set] = useMessageState()
  const remember = useMutation(trpc.messages.remember.mutationOptions())
  const choose = (format: string) => {
    const next = { ...state, [props.which]: format }
    void set({ [props.which]: format })
    remember.mutate({ ...props.place, key: "auto", value: "auto", ...formatsOf(next) })
  }
  return (
    <span className="row tight">
      <span className="quiet" aria-hidden="true">
        {props.label}
      </span>
      <Select
        label={props.label}
        value={state[props.which]}
        options={[
          { value: "", label: "last used" },
          ...FORMATS.map((value) => ({ value, label: NAMES[value] })),
        ]}
        onChange={choose}
      />
    </span>
  )
}
