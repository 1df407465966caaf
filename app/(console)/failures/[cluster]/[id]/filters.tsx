"use client"

import { DateTime } from "#app/ui/date-time.tsx"
import { useRange } from "#app/ui/range/use-range.ts"
import { Select } from "#app/ui/select.tsx"
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
      <Select
        label="Replayed"
        value={state.replayed}
        options={REPLAYED.map((value) => ({ value, label: WORDS[value] }))}
        onChange={(replayed) => filter({ replayed })}
      />
      <Places failure={failure} state={state} filter={filter} />
      <span className="row tight">
        <span className="quiet">Failed between</span>
        <DateTime
          label="Failed from"
          at={state.since}
          onChange={(since) => filter({ since: since || null })}
        />
        <span className="quiet">and</span>
        <DateTime
          label="Failed before"
          at={state.until}
          onChange={(until) => filter({ until: until || null })}
        />
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
        <Select
          label="Dead letters in"
          value={state.dead}
          options={[
            { value: "", label: "everywhere" },
            ...withChosen(deadDestinations, state.dead || null).map((name) => ({ value: name, label: name })),
          ]}
          onChange={(dead) => filter({ dead: dead || null })}
        />
      )}
      {(deadPartitions.length > 1 || state.partition !== null) && (
        <Select
          label="Partition"
          value={state.partition === null ? "" : String(state.partition)}
          options={[
            { value: "", label: "any partition" },
            ...withChosen(deadPartitions, state.partition).map((index) => ({
              value: String(index),
              label: `partition ${index}`,
            })),
          ]}
          onChange={(index) => filter({ partition: index === "" ? null : Number(index) })}
        />
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
