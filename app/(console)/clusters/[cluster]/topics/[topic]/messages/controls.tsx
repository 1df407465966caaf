"use client"

import { useMutation } from "@tanstack/react-query"
import { useTRPC } from "#app/trpc/client.tsx"
import { Search } from "#app/ui/search.tsx"
import { Time } from "#app/ui/time.tsx"
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
      <select
        className="field"
        aria-label="Read"
        value={state.start}
        onChange={(event) =>
          void set({ start: event.target.value as typeof state.start, at: null, job: null })
        }
      >
        {STARTS.map((start) => (
          <option key={start} value={start}>
            {WORDS[start]}
          </option>
        ))}
      </select>
      {(state.start === "offset" || state.start === "group") && (
        <Search label={AT[state.start]} value={state.at} onChange={(at) => void set({ at })} />
      )}
      {state.start === "time" && <Time label="Time" at={state.at} onChange={(at) => void set({ at })} />}
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
    <label className="row tight">
      <span className="quiet">{props.label}</span>
      <select className="field" value={state[props.which]} onChange={(event) => choose(event.target.value)}>
        <option value="">last used</option>
        {FORMATS.map((format) => (
          <option key={format} value={format}>
            {NAMES[format]}
          </option>
        ))}
      </select>
    </label>
  )
}
