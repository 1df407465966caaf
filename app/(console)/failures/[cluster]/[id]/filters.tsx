"use client"

import { useRange } from "#app/ui/range.tsx"
import { Time } from "#app/ui/time.tsx"
import type { FailureDetail } from "#server/failures/index.ts"
import { filterOf, isFiltered, type PageState, REPLAYED, useFailureState } from "./search-params.ts"

const WORDS = { any: "replayed or not", no: "not replayed", yes: "replayed" }
const NONE = { replayed: null, since: null, until: null, dead: null, partition: null }

/** Which dead letters are listed: by time, place and whether they were replayed. "All that are shown" means these. */
export function Filters({ failure }: { failure: FailureDetail }) {
  const [state, set] = useFailureState()
  const range = useRange()
  const filter = (part: Partial<Record<keyof typeof NONE, string | number | null>>) =>
    void set({ ...(part as Partial<PageState>), page: null })
  return (
    <search className="row tools" aria-label="Filter of the dead letters">
      <select
        className="field"
        aria-label="Replayed"
        value={state.replayed}
        onChange={(event) => filter({ replayed: event.target.value })}
      >
        {REPLAYED.map((one) => (
          <option key={one} value={one}>
            {WORDS[one]}
          </option>
        ))}
      </select>
      <Places failure={failure} state={state} filter={filter} />
      <span className="row tight">
        <span className="quiet">Failed between</span>
        <Time label="Failed from" at={state.since} onChange={(since) => filter({ since: since || null })} />
        <span className="quiet">and</span>
        <Time label="Failed before" at={state.until} onChange={(until) => filter({ until: until || null })} />
        {range && (
          <button
            type="button"
            className="field"
            title="Takes the time range of the chart above"
            onClick={() => filter({ since: toIso(range.from), until: toIso(range.to) })}
          >
            Use chart range
          </button>
        )}
      </span>
      {isFiltered(filterOf(state)) && (
        <button type="button" className="field" onClick={() => filter(NONE)}>
          Show all
        </button>
      )}
    </search>
  )
}

/** Only where there is something to choose. */
function Places(props: {
  failure: FailureDetail
  state: PageState
  filter: (part: { dead?: string | null; partition?: number | null }) => void
}) {
  const { failure, state, filter } = props
  const { deadDestinations, deadPartitions } = failure
  return (
    <>
      {(deadDestinations.length > 1 || state.dead !== "") && (
        <select
          className="field"
          aria-label="Dead letters in"
          value={state.dead}
          onChange={(event) => filter({ dead: event.target.value || null })}
        >
          <option value="">everywhere</option>
          {withChosen(deadDestinations, state.dead || null).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      )}
      {(deadPartitions.length > 1 || state.partition !== null) && (
        <select
          className="field"
          aria-label="Partition"
          value={state.partition ?? ""}
          onChange={(event) =>
            filter({ partition: event.target.value === "" ? null : Number(event.target.value) })
          }
        >
          <option value="">any partition</option>
          {withChosen(deadPartitions, state.partition).map((index) => (
            <option key={index} value={index}>
              partition {index}
            </option>
          ))}
        </select>
      )}
    </>
  )
}

/** An address may name what has no dead letters any more: it is shown all the same. */
function withChosen<One>(known: One[], chosen: One | null): One[] {
  return chosen === null || known.includes(chosen) ? known : [...known, chosen]
}

function toIso(ms: number): string {
  return new Date(ms).toISOString()
}
